import { parseArgs } from 'node:util'
import { addDecimals, formatDecimal, parseDecimal } from '@igny8/core'
import { costCases } from './cost-cases.ts'
import { type CostContestant, costContestants, pricedModels } from './cost-contestants.ts'
import { median } from './median.ts'

// Costs of AI calls beside other calculators: right digits first, against results worked out by hand, then time a call. Usage:
// npm run bench:cost -- [--json] [--assert] [--calls 200000] [--rounds 11]

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    assert: { type: 'boolean', default: false },
    calls: { type: 'string', default: '200000' },
    rounds: { type: 'string', default: '11' },
  },
})
const calls = Number(values.calls)
const rounds = Number(values.rounds)
if (!Number.isInteger(calls) || calls < 1_000) throw new Error('--calls must be 1000 or more.')
if (!Number.isInteger(rounds) || rounds < 3) throw new Error('--rounds must be 3 or more.')

/** Microseconds that a call of ours may take. */
const goalMicroseconds = 5

const rightDigits = costContestants.map((contestant) => ({ name: contestant.name, ...compareDigits(contestant) }))
const sums = costContestants.map((contestant) => ({ name: contestant.name, sum: sumOf(contestant) }))

const times = new Map(costContestants.map(({ name }) => [name, [] as number[]]))
// The first round lets the engine compile all, and is not counted. Who begins changes from round to round.
for (let round = 0; round <= rounds; round++) {
  const order = costContestants.map((_, index) => costContestants[(index + round) % costContestants.length])
  for (const contestant of order) {
    if (contestant === undefined) continue
    const microseconds = timeCalls(contestant)
    if (round > 0) times.get(contestant.name)?.push(microseconds)
  }
}

const ours = rightDigits[0]
const speed = [...times].map(([name, all]) => ({ name, medianMicroseconds: round3(median(all)) }))
const ourMicroseconds = speed[0]?.medianMicroseconds ?? Number.POSITIVE_INFINITY
const passed = ours?.wrong.length === 0 && sums[0]?.sum === '4.5' && ourMicroseconds <= goalMicroseconds
const differences = listDifferences()
if (values.json)
  console.log(
    JSON.stringify({
      ...{ bench: 'cost', node: process.version, calls, rounds, goalMicroseconds, passed },
      ...{ rightDigits, sumOf10000Calls: sums, speed, differences },
    }),
  )
else {
  for (const { name, right, of, wrong } of rightDigits) {
    console.log(`${name}: ${right} of ${of} right${wrong.length === 0 ? '' : `; ${wrong.join('; ')}`}`)
  }
  console.table(sums)
  console.table(speed)
  console.table(differences)
  console.log(
    `ours takes ${ourMicroseconds} µs a call; the goal is ${goalMicroseconds} or less: ${passed ? 'met' : 'NOT met'}`,
  )
}
if (values.assert && !passed) process.exitCode = 1

/** Right is what prints as the exact result. */
function compareDigits(contestant: CostContestant) {
  const cases = costCases.filter(({ cached }) => cached === 0 || contestant.knowsCache)
  const wrong = cases.flatMap((call) => {
    const found = printed(contestant.calculate(call))
    return found === call.expected
      ? []
      : [`${call.model} ${call.input}/${call.cached}/${call.output}: ${found} instead of ${call.expected}`]
  })
  return { right: cases.length - wrong.length, of: cases.length, wrong }
}

/** What 10,000 calls come to which cost 0.00045 each: 4.5, added up as each would be. */
function sumOf({ calculate }: CostContestant): string {
  const call = { model: 'gpt-4o-mini', provider: 'openai', input: 1_000, cached: 0, output: 500 } as const
  let exact = parseDecimal('0')
  let float = 0
  for (let count = 0; count < 10_000; count++) {
    const cost = calculate(call)
    if (typeof cost === 'string') exact = addDecimals(exact, parseDecimal(cost))
    else float += cost ?? Number.NaN
  }
  return exact.units > 0n ? formatDecimal(exact) : String(float)
}

/**
 * Of the cases all can do, with other numbers every time, so that nothing can be remembered. Time of the thread on the processor: what else the machine
 * does counts for nobody.
 */
function timeCalls({ calculate }: CostContestant): number {
  const cases = costCases.filter(({ cached }) => cached === 0)
  let known = 0
  const before = process.threadCpuUsage()
  for (let count = 0; count < calls; count++) {
    const call = cases[count % cases.length]
    if (call === undefined) continue
    const { model, provider, input, output } = call
    if (calculate({ model, provider, cached: 0, input: input + count, output: output + count }) !== undefined) known++
  }
  const { user, system } = process.threadCpuUsage(before)
  if (known !== calls) throw new Error(`Only ${known} of ${calls} calls had a price.`)
  return (user + system) / calls
}

/** Where lists say something else for a hundred thousand tokens in and as many out, in a call below every tier. */
function listDifferences() {
  const usage = { input: 100_000, cached: 0, output: 100_000 }
  return pricedModels.flatMap(({ id, provider }) => {
    const found = costContestants.map(({ name, calculate }) => {
      const cost = printed(calculate({ model: id, provider, ...usage }))
      return [name, cost === 'unknown' ? cost : String(Number(Number(cost).toPrecision(10)))] as const
    })
    const known = new Set(found.map(([, cost]) => cost).filter((cost) => cost !== 'unknown'))
    return known.size > 1 ? [{ model: id, ...Object.fromEntries(found) }] : []
  })
}

function printed(cost: string | number | undefined): string {
  if (cost === undefined) return 'unknown'
  if (typeof cost === 'string') return cost
  // As JavaScript writes it, without an exponent.
  const [mantissa = '', exponent] = String(cost).split('e-')
  return exponent === undefined ? mantissa : cost.toFixed(Number(exponent) + (mantissa.split('.')[1] ?? '').length)
}

function round3(value: number): number {
  return Math.round(value * 1_000) / 1_000
}

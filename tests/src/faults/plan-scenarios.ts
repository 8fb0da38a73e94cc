import { createSeededRandom } from '@igny8/core/testing'
import type { Exchange } from '@igny8-tools/fault-proxy'
import { type NamedFault, namedFaults } from './named-faults.ts'

/** One fault on one request of an operation. */
export interface Scenario {
  readonly operation: string
  readonly fault: NamedFault
  /** Number of the request that is hit, from 1. */
  readonly request: number
}

/** A read is hit by so many of the faults; they take turns, so that an operation meets all of them. */
const faultsPerRead = 3
/** At least so many scenarios of an operation, however small the scale. */
const fewest = 2

/** Every request of the operation with the faults that hit it: a write with all of them. The same for the same seed. */
export function planScenarios(input: {
  readonly operation: string
  /** Of the operation when nothing fails. */
  readonly requests: readonly Exchange[]
  readonly seed: number
  readonly scale: number
}): readonly Scenario[] {
  const { operation, requests, seed, scale } = input
  const random = createSeededRandom(`${seed} ${operation}`)
  let turn = pick(random, namedFaults.length)
  const all = requests.flatMap((exchange, index): readonly Scenario[] => {
    const faults = isWrite(exchange)
      ? namedFaults
      : Array.from({ length: faultsPerRead }, () => namedFaults[turn++ % namedFaults.length]).filter(
          (fault) => fault !== undefined,
        )
    return faults.map((fault) => ({ operation, fault, request: index + 1 }))
  })
  const wanted = Math.min(all.length, Math.max(fewest, Math.ceil(all.length * scale)))
  const left = [...all]
  return Array.from({ length: wanted }, () => left.splice(pick(random, left.length), 1)).flat()
}

/** Whether the request changes the site. */
export function isWrite({ method, path }: Pick<Exchange, 'method' | 'path'>): boolean {
  return method !== 'GET' && method !== 'HEAD' && !path.includes('_method=GET')
}

function pick(random: ReturnType<typeof createSeededRandom>, count: number): number {
  const [high = 0, low = 0] = random.bytes(2)
  return (high * 256 + low) % count
}

import { isIgny8Error } from '@igny8/core'
import type { Exchange, FaultPlan } from '@igny8-tools/fault-proxy'
import { checkInvariants, type Findings } from './check-invariants.ts'
import { type Operation, runSync } from './operation.ts'
import { isWrite } from './plan-scenarios.ts'
import { createWorld, type Surroundings, type World } from './world.ts'

export interface ScenarioResult extends Findings {
  /** Requests of the operation, until it succeeded. */
  readonly exchanges: readonly Exchange[]
  /** Codes of what it threw on the way. */
  readonly failures: readonly string[]
  /** Did not end within its bounds. */
  readonly hung: boolean
  readonly seconds: number
}

/** No operation may take longer: in real time, and in the time that the SDK sees. */
const longestRealMs = 60_000
const longestSeenMs = 10 * 60_000
/** Between two cycles, as of a schedule. */
const comeBackMs = 60_000
const attempts = 8
const mostCycles = 3
/** Beyond what any request is held back. */
const afterAllMs = 200_000

/** One scenario: what is hit, and who comes back how. */
export interface ScenarioInput {
  /** Makes it like no other. */
  readonly key: string
  readonly plan: FaultPlan
  /** Whether the person comes back at once; by the key, where it is not said. */
  readonly isRushed?: boolean | undefined
}

interface Doing {
  readonly world: World
  readonly isRushed: boolean
  readonly failures: string[]
  hung: boolean
}

/**
 * Does the operation while the plan's faults hit it, goes on as a person would until it is done and both sides are quiet, and checks what became of it.
 */
export async function runScenario(
  surroundings: Surroundings,
  operation: Operation,
  { key, plan, isRushed }: ScenarioInput,
): Promise<ScenarioResult> {
  const startedAt = performance.now()
  const { proxy, clock, editor, wordpress } = surroundings
  proxy.begin(() => null)
  clock.reset()
  await editor.wipe()
  const world = await createWorld(surroundings, key)
  const isEven = Number.parseInt(world.token.slice(-2, -1), 16) % 2 === 0
  const doing: Doing = { world, isRushed: isRushed ?? isEven, failures: [], hung: false }
  try {
    const prepared = await clock.letPass(() => operation.prepare(world))
    proxy.begin(plan)
    const isDone = await untilDone(doing, () => prepared.act(), isSyncedBetween(world))
    const exchanges = [...proxy.exchanges()]
    proxy.begin(() => null)
    await clock.moveOn(afterAllMs)
    await proxy.settled()
    const unrest = isDone ? await comeToRest(doing) : ['the operation never succeeded']
    const findings = await checkInvariants(world, prepared, await wordpress.readSite(), exchanges)
    return {
      ...findings,
      others: [...unrest, ...findings.others],
      exchanges,
      failures: doing.failures,
      hung: doing.hung,
      seconds: (performance.now() - startedAt) / 1_000,
    }
  } finally {
    await world.igny8.stop({ drainMs: 0 })
  }
}

/** Cycles until one of them writes nothing: at most three, whatever went wrong before. */
async function comeToRest(doing: Doing): Promise<readonly string[]> {
  const { proxy, clock } = doing.world
  for (let cycle = 1; ; cycle++) {
    proxy.begin(() => null)
    if (!(await untilDone(doing, () => runSync(doing.world)))) return ['sync never came to rest']
    const writes = proxy.exchanges().filter(isWrite)
    if (writes.length === 0) return []
    if (cycle === mostCycles) return writes.map(({ path }) => `it still writes when all is done: ${path.slice(0, 80)}`)
    await clock.moveOn(comeBackMs)
  }
}

/** Some come back when they were told to, each time later; the others at once, whatever they were told. */
function comeBackAfter({ isRushed }: Doing, attempt: number, error: unknown): number {
  if (isRushed) return 2_000 * 4 ** (attempt - 1)
  const toldMs = isIgny8Error(error) ? (error.retryAfterMs ?? 0) : 0
  return Math.max(comeBackMs * 2 ** (attempt - 1), toldMs + 1_000)
}

/** Half of the hosts synchronise by a schedule, so that it is not the person who comes back first. */
function isSyncedBetween({ token }: World): boolean {
  return Number.parseInt(token.slice(-1), 16) % 2 === 0
}

async function untilDone(doing: Doing, act: () => Promise<void>, isSynced = false): Promise<boolean> {
  const { clock } = doing.world
  for (let attempt = 1; attempt <= attempts && !doing.hung; attempt++) {
    const beganAt = clock.now().getTime()
    try {
      await within(longestRealMs, clock.letPass(act))
      return true
    } catch (error) {
      if (clock.now().getTime() - beganAt > longestSeenMs) doing.hung = true
      doing.failures.push(isIgny8Error(error) ? error.code : String(error))
      if (error instanceof Hang) doing.hung = true
      await clock.moveOn(comeBackAfter(doing, attempt, error))
      if (isSynced && (await doing.world.account.connections.list()).count > 0) await syncBetween(doing)
    }
  }
  return false
}

/** May fail as well: nobody looks. */
async function syncBetween(doing: Doing): Promise<void> {
  const { world, failures } = doing
  try {
    await within(
      longestRealMs,
      world.clock.letPass(() => runSync(world)),
    )
  } catch (error) {
    if (error instanceof Hang) doing.hung = true
    failures.push(`${isIgny8Error(error) ? error.code : String(error)} of the schedule`)
  }
}

async function within(ms: number, work: Promise<void>): Promise<void> {
  let timer: NodeJS.Timeout | undefined
  const limit = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Hang(`nothing came of it within ${ms} ms`)), ms)
  })
  try {
    await Promise.race([work, limit])
  } finally {
    clearTimeout(timer)
  }
}

class Hang extends Error {}

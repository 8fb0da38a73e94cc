import { changeZone } from './change-zone.ts'
import { checkEdits, checkLinks, type LostEdits } from './check-links.ts'
import { checkDecisions, checkDeletions, checkEchoes, checkSecrets, checkUploads } from './check-protocol.ts'
import { checkEquality, checkEvents, checkRest } from './check-rest.ts'
import { type ConnectedRows, connectOnce } from './connect-site.ts'
import type { Dice } from './create-dice.ts'
import { type Host, neighbourId, startHost } from './host.ts'
import { racePushWithPull } from './race-push-with-pull.ts'
import { type End, readEnd } from './read-end.ts'
import { settleWorld } from './settle-world.ts'
import { tellWebhooks } from './site-webhooks.ts'
import { syncSomething } from './sync-operations.ts'
import { takeOver } from './take-over.ts'
import { createWorld, type Worker, type World, type WorldOptions } from './world.ts'
import { createContent, writeSomething } from './writer-operations.ts'

export interface SeedResult {
  readonly seed: number
  readonly violations: readonly string[]
  readonly operations: number
  readonly requests: number
  readonly crashes: number
  readonly deeds: number
  readonly lostInWindow: number
  /** Edits of text that only a revision on the site has, as nobody lived to look for it. */
  readonly lostUnanswered: number
  readonly faults: Readonly<Record<string, number>>
  readonly hash: string
  readonly trace: readonly string[]
}

/** Runs one seed from the first request to the last check. The same seed goes the same way each time. */
export async function runSeed(
  seed: number,
  options?: WorldOptions,
  look?: (end: End, world: World) => void,
): Promise<SeedResult> {
  const world = createWorld(seed, options)
  const rows = await connectOnce(world.setting)
  const { time, violations, people, trace, faults } = world
  let host: Host | undefined
  let lost = { inWindow: 0, unanswered: 0 }
  try {
    await time.runUntil(
      (async () => {
        host = await live(world, rows)
        lost = await judge(world, host, look)
      })(),
    )
  } catch (error) {
    violations.push(`unexpected: ${error instanceof Error ? error.stack : String(error)}`)
  } finally {
    time.end()
  }
  return {
    seed,
    violations,
    operations: host?.operations() ?? 0,
    requests: trace.points(),
    crashes: world.crashes(),
    deeds: people.deeds(),
    lostInWindow: lost.inWindow,
    lostUnanswered: lost.unanswered,
    faults: Object.fromEntries(faults.counts),
    hash: trace.hash(),
    trace: trace.lines,
  }
}

async function live(world: World, rows: ConnectedRows): Promise<Host> {
  const { faults, people, diceFor, mood } = world
  const dice = diceFor('actors')
  for (let count = dice.between(...mood.posts); count > 0; count--) people.addPost()
  const host = await startHost(world, diceFor('host'), rows)
  const { integrationId } = host
  const pull = async (by: Worker): Promise<unknown> =>
    host.attempt(by, 'pull', () => by.account.sync.pull({ integrationId }))
  for (let count = dice.between(...mood.contents); count > 0; count--)
    await createContent(world, host, await host.worker('A'), dice)
  if (dice.chance(mood.isPulledBefore)) await pull(await host.worker('A'))
  faults.begin()
  await Promise.all([
    act(world, diceFor('actor A'), mood.syncs, async (own) => operate(world, host, await host.worker('A'), own)),
    act(world, diceFor('actor B'), mood.syncs, async (own) => operate(world, host, await host.worker('B'), own)),
    act(world, diceFor('writer'), mood.writes, async (own) =>
      writeSomething(world, host, await host.worker(own.pick(['A', 'B'])), own),
    ),
    act(world, diceFor('person'), mood.deeds, async (own) => {
      const postId = people.doAnything()
      if (postId !== null) tellWebhooks(world, host, own, postId)
    }),
  ])
  // Where nothing fails, nothing may look as if somebody else had written it.
  const isCalm = faults.weather.http === 0
  for (let left = isCalm ? mood.races : 0; left > 0; left--) await racePushWithPull(world, host, dice)
  // Nothing but the next pull tells of what people do after this one.
  if (dice.chance(mood.hasFinale)) {
    await pull(await host.worker('A'))
    for (let count = dice.between(1, 3); count > 0; count--) {
      await world.time.wait(dice.between(0, dice.chance(0.5) ? 20_000 : 1_200_000))
      people.doAnything()
    }
  }
  return host
}

/** What a process is asked to do; in rough weather it may stand still in the middle of it. */
async function operate(world: World, host: Host, by: Worker, dice: Dice): Promise<void> {
  const { mood, faults } = world
  const { takenOver, zones } = mood
  const operation = dice.weigh([
    [faults.weather.http > 0 ? takenOver : 0, takeOver],
    [0.02 * zones, changeZone],
    [1 - takenOver, syncSomething],
  ])
  await operation(world, host, by, dice)
}

/** Somebody does something now and then. */
async function act(world: World, dice: Dice, times: number, deed: (dice: Dice) => Promise<void>): Promise<void> {
  for (let count = 0; count < times; count++) {
    await world.time.wait(gapMs(dice))
    await deed(dice)
  }
}

function gapMs(dice: Dice): number {
  return dice.weigh([
    [80, () => dice.between(0, 3_000)],
    [30, () => dice.between(1_000, 60_000)],
    [10, () => dice.between(60_000, 1_200_000)],
    [3, () => dice.between(3_600_000, 10_800_000)],
    [1, () => dice.between(36_000_000, 97_200_000)],
  ])()
}

async function judge(world: World, host: Host, look?: (end: End, world: World) => void): Promise<LostEdits> {
  const writes = await settleWorld(world, host, world.diceFor('settle'))
  const end = await readEnd(world, host.integrationId, host.siteId)
  look?.(end, world)
  world.violations.push(...(await checkNeighbour(world, host)))
  const edits = checkEdits(world, end)
  world.violations.push(
    ...checkLinks(world, end),
    ...edits.problems,
    ...checkRest(world, end),
    ...checkEquality(world, end),
    ...checkEvents(world, end),
    ...checkDeletions(world, end),
    ...checkDecisions(world, end),
    ...checkEchoes(world, end),
    ...checkUploads(world),
    ...world.watch.unapproved(),
    ...(await checkSecrets(world, end)),
  )
  if (writes > 0) world.violations.push(`I6: one more cycle sent ${writes} writes`)
  return edits
}

/** No row of another account has changed, although it has the same site. */
async function checkNeighbour(world: World, { neighbour }: Host): Promise<readonly string[]> {
  if (neighbour === null) return []
  const { integrationId, siteId, rows } = neighbour
  const isSame = JSON.stringify(await readEnd(world, integrationId, siteId, neighbourId)) === rows
  return isSame ? [] : ['I7: rows of another account have changed']
}

/** Loads what is loaded at first use, so that no seed waits for a file. */
export async function warmUp(): Promise<void> {
  await runSeed(0)
}

import { createIgny8, type DomainEvent, type Igny8, type PlatformAdapter, type Storage } from '@igny8/core'
import { createSeededRandom } from '@igny8/core/testing'
import { createMemoryStorage } from '@igny8/storage-memory'
import { createWordPressAdapter } from '@igny8/wordpress'
import {
  createFakeWordPress,
  customType,
  type FakeWordPress,
  postType,
  standardTaxonomies,
} from '@igny8-tools/fake-wordpress'
import { createDice, type Dice } from './create-dice.ts'
import { createEditLedger, type EditLedger } from './edit-ledger.ts'
import { createFaultPlan, type FaultPlan } from './fault-plan.ts'
import { createFaultyHttp } from './faulty-http.ts'
import { createFaultyStorage } from './faulty-storage.ts'
import { createPeopleOnSite, type PeopleOnSite } from './people-on-site.ts'
import { createSimulatedJobs } from './simulated-jobs.ts'
import { createSimulatedProcess, type SimulatedProcess } from './simulated-process.ts'
import { createSimulatedTime, type SimulatedTime } from './simulated-time.ts'
import { createSiteGate, type SiteGate } from './site-gate.ts'
import { createTrace, type Trace } from './trace.ts'

/** A process with the SDK in it. */
export interface Worker extends SimulatedProcess {
  readonly igny8: Igny8
}

/** Everything of one seed. */
export interface World {
  readonly seed: number
  readonly time: SimulatedTime
  readonly trace: Trace
  readonly faults: FaultPlan
  readonly ledger: EditLedger
  readonly site: FakeWordPress
  readonly gate: SiteGate
  readonly people: PeopleOnSite
  /** As it is, without faults. */
  readonly storage: Storage
  /** Dice of its own for each part, so that a change of one part leaves the others as they were. */
  diceFor(part: string): Dice
  startWorker(slot: string): Worker
  readonly crashes: () => number
  readonly events: DomainEvent[]
  /** What the SDK logged, and what it threw. */
  readonly said: string[]
  readonly violations: string[]
}

export const accountId = 'acct'
const key = { id: 'simulator', secret: Buffer.alloc(32, 7).toString('base64') }

export function createWorld(seed: number, tracing: 'none' | 'hash' | 'lines'): World {
  const diceFor = (part: string): Dice => createDice(`${seed}:${part}`)
  const dice = diceFor('world')
  const time = createSimulatedTime(new Date('2026-11-02T09:00:00.000Z'))
  const trace = createTrace(tracing, time.now)
  const faults = createFaultPlan(diceFor('faults'))
  const ledger = createEditLedger()
  const skewMs = dice.pick([0, 0, 0, 400, -1_700, 45_000, -45_000, 172_800_000, -172_800_000])
  const site = createFakeWordPress({
    clock: { now: () => new Date(time.time() + skewMs) },
    timezone: dice.pick(['America/New_York', 'Europe/Berlin', '+05:30', 'UTC']),
    types: [postType, customType({ name: 'book', label: 'Books', supports: [...postType.supports] })],
    taxonomies: standardTaxonomies.slice(0, 2).map((taxonomy) => ({ ...taxonomy, types: ['post'] })),
    starterContent: false,
  })
  for (const type of ['post', 'book']) site.people.addMeta(type, 'subtitle', { type: 'string' })
  const people = createPeopleOnSite({ site, ledger, dice: diceFor('people'), time, trace })
  const gateDice = diceFor('gate')
  const gate = createSiteGate({ site, ledger, faults, dice: gateDice, time, trace, ...people })
  const storage = createMemoryStorage()
  const adapter = createWordPressAdapter({ maxPageSize: dice.pick([2, 3, 5, 100, 100]) })
  const events: DomainEvent[] = []
  const said: string[] = []
  const violations: string[] = []
  let crashes = 0
  let generation = 0

  function startWorker(slot: string): Worker {
    const name = `${slot}${++generation}`
    const process = createSimulatedProcess(name, time)
    void process.death.then(() => {
      crashes++
      trace.write(() => `${name} dies`)
    })
    const parts = { process, time, faults, trace }
    const http = createFaultyHttp({ ...parts, gate, dice: diceFor(`${name}:http`) })
    const simulated: PlatformAdapter = { ...adapter, open: (connection) => adapter.open({ ...connection, http }) }
    const say = (message: string, fields: unknown = ''): void => void said.push(`${message} ${JSON.stringify(fields)}`)
    const igny8 = createIgny8({
      storage: createFaultyStorage({ ...parts, storage, dice: diceFor(`${name}:storage`) }),
      platforms: [simulated],
      encryption: { keys: [key] },
      clock: process.clock,
      random: createSeededRandom(`${seed}:${name}`),
      jobs: createSimulatedJobs(process, time, diceFor(`${name}:jobs`)),
      logger: { debug: say, info: say, warn: say, error: say },
    })
    igny8.onEvent((event) => void events.push(event))
    return { ...process, igny8 }
  }

  return {
    seed,
    time,
    trace,
    faults,
    ledger,
    site,
    gate,
    people,
    storage,
    diceFor,
    startWorker,
    crashes: () => crashes,
    events,
    said,
    violations,
  }
}

import {
  type Account,
  createIgny8,
  type DomainEvent,
  type Igny8,
  type PlatformAdapter,
  type Storage,
} from '@igny8/core'
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
import { freezeRows } from './freeze-rows.ts'
import { type Mood, pickMood } from './mood.ts'
import { createPeopleOnSite, type PeopleOnSite } from './people-on-site.ts'
import { createProtocolWatch, type ProtocolWatch } from './protocol-watch.ts'
import { createSimulatedJobs } from './simulated-jobs.ts'
import { createSimulatedProcess, type SimulatedProcess } from './simulated-process.ts'
import { createSimulatedTime, type SimulatedTime } from './simulated-time.ts'
import { createSiteGate, type SiteGate } from './site-gate.ts'
import { createTrace, type Trace, type Tracing } from './trace.ts'

/** A process with the SDK in it. */
export interface Worker extends SimulatedProcess {
  readonly igny8: Igny8
  /** The one account that does something. */
  readonly account: Account
}

interface Beginning {
  readonly at: string
  readonly zones: readonly string[]
}

/** What the site is like before anything happens. */
export interface Setting {
  readonly at: string
  readonly zone: string
  /** How far the site's clock is ahead of ours. */
  readonly skewMs: number
  readonly hasBooks: boolean
}

/** A usual day; and shortly before New York, and Berlin, live through an hour twice. */
const beginnings: readonly Beginning[] = [
  { at: '2026-11-16T09:00:00.000Z', zones: ['America/New_York', 'Europe/Berlin', '+05:30', 'UTC'] },
  { at: '2026-11-01T05:50:00.000Z', zones: ['America/New_York'] },
  { at: '2026-10-25T00:50:00.000Z', zones: ['Europe/Berlin'] },
]

/** A second type: without taxonomies, so that an item which becomes one loses its terms. */
const bookType = customType({ name: 'book', label: 'Books', supports: [...postType.supports] })

/** Everything of one seed. */
export interface World {
  readonly seed: number
  readonly setting: Setting
  readonly mood: Mood
  readonly time: SimulatedTime
  readonly trace: Trace
  readonly faults: FaultPlan
  readonly ledger: EditLedger
  readonly site: FakeWordPress
  readonly gate: SiteGate
  readonly people: PeopleOnSite
  readonly watch: ProtocolWatch
  /** As it is, without faults. */
  readonly storage: Storage
  /** Dice of its own for each part, so that a change of one part leaves the others as they were. */
  diceFor(part: string): Dice
  startWorker(slot: string): Worker
  /** From here on pages are as long as the site gives them: short ones would find nothing more. */
  lengthenPages(): void
  readonly crashes: () => number
  readonly events: DomainEvent[]
  /** What the SDK logged, and what it threw. */
  readonly said: string[]
  readonly violations: string[]
}

function pickSetting(dice: Dice): Setting {
  const { at, zones } = dice.pick(beginnings)
  const skewMs = dice.pick([0, 0, 400, -1_700, 45_000, -45_000, 172_800_000, -172_800_000])
  return { at, zone: dice.pick(zones), skewMs, hasBooks: dice.chance(0.3) }
}

export const accountId = 'acct'
const key = { id: 'simulator', secret: Buffer.alloc(32, 7).toString('base64') }

/** How a seed is looked at: it goes the same way, but where rows are frozen, which takes turns of its own. */
export interface WorldOptions {
  /** @default 'none' */
  readonly tracing?: Tracing
  /** Whoever changes a row of the storage fails; slower. @default false */
  readonly freezesRows?: boolean
}

/** `given`: else the setting follows from the seed as well. */
export function createWorld(
  seed: number,
  { tracing = 'none', freezesRows = false }: WorldOptions = {},
  given?: Setting,
): World {
  const diceFor = (part: string): Dice => createDice(`${seed}:${part}`)
  const dice = diceFor('world')
  const mood = pickMood(dice)
  const setting = given ?? pickSetting(dice)
  const { zone, skewMs, hasBooks } = setting
  // Late enough for the site to be connected before.
  const time = createSimulatedTime(new Date(Date.parse(setting.at) + (given ? 0 : dice.between(120_000, 720_000))))
  const trace = createTrace(tracing, time.now)
  const faults = createFaultPlan(diceFor('faults'))
  const ledger = createEditLedger()
  const maxPageSize = dice.pick([3, 3, 4, 100])
  const site = createFakeWordPress({
    clock: { now: () => new Date(time.time() + skewMs) },
    timezone: zone,
    types: hasBooks ? [postType, bookType] : [postType],
    taxonomies: standardTaxonomies.slice(0, 2),
    starterContent: false,
  })
  for (const type of hasBooks ? ['post', 'book'] : ['post']) site.people.addMeta(type, 'subtitle', { type: 'string' })
  const people = createPeopleOnSite({ site, ledger, dice: diceFor('people'), time, trace, mood, hasBooks, maxPageSize })
  const violations: string[] = []
  const watch = createProtocolWatch({ site, ledger, time, violations })
  const gate = createSiteGate({ site, ledger, faults, dice: diceFor('gate'), time, trace, watch, ...people })
  const shared = createMemoryStorage({ copyRows: false })
  const storage = freezesRows ? freezeRows(shared) : shared
  const adapter = createWordPressAdapter({ maxPageSize })
  const wide = createWordPressAdapter()
  const events: DomainEvent[] = []
  const said: string[] = []
  let crashes = 0
  let generation = 0
  let hasLongPages = false

  function startWorker(slot: string): Worker {
    const name = `${slot}${++generation}`
    const process = createSimulatedProcess(name, time, watch.froze)
    void process.death.then(() => {
      crashes++
      trace.write(() => `${name} dies`)
    })
    const parts = { process, time, faults, trace, watch, violations }
    const http = createFaultyHttp({ ...parts, gate, dice: diceFor(`${name}:http`) })
    const simulated: PlatformAdapter = {
      ...adapter,
      open: (connection) => (hasLongPages ? wide : adapter).open({ ...connection, http }),
    }
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
    return { ...process, igny8, account: igny8.forAccount(accountId) }
  }

  return {
    seed,
    setting,
    mood,
    time,
    trace,
    faults,
    ledger,
    site,
    gate,
    people,
    watch,
    storage,
    diceFor,
    startWorker,
    lengthenPages() {
      hasLongPages = true
    },
    crashes: () => crashes,
    events,
    said,
    violations,
  }
}

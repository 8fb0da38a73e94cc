import type { Dice } from './create-dice.ts'

/** What becomes of one request. */
export type HttpFault =
  | 'none'
  /** Never left: `effect: 'none'`. */
  | 'refused'
  /** Left, and was lost on the way there. */
  | 'lost-before'
  /** Carried out, the answer lost. */
  | 'lost-after'
  /** We give up; it is carried out later. */
  | 'late'
  /** Carried out twice, one answer. */
  | 'twice'
  /** Carried out, the answer unreadable. */
  | 'corrupt'
  /** Not carried out: a web page with 200 in place of an answer. */
  | 'page'
  /** Not carried out: 429 or 503 with Retry-After. */
  | 'busy'
  /** Not carried out: the route is not there for a moment. */
  | 'no-route'
  /** Of several writes in one request, one is not answered or fails. */
  | 'partial'
  /** From here on the site does not know us, for a while. */
  | 'unauthorised'
  | 'die-before'
  | 'die-after'
  | 'pause-before'
  | 'pause-after'

/** What becomes of one call of the storage. */
export type StorageFault =
  | 'none'
  | 'fail-before'
  /** Done, the reply lost. */
  | 'fail-after'
  | 'slow'
  | 'die-before'
  | 'die-after'
  | 'pause-before'
  | 'pause-after'

/** How rough the weather of a seed is. */
export interface Weather {
  readonly http: number
  readonly storage: number
  readonly slow: number
  /** Kills and long pauses among all faults. */
  readonly deaths: number
  /** Somebody edits between our read and our write, or right after it. */
  readonly windowEdits: number
  readonly secondEdits: number
  /** Somebody does anything while we read. */
  readonly editsWhileReading: number
}

const weathers: readonly Weather[] = [
  { http: 0, storage: 0, slow: 0.05, deaths: 0, windowEdits: 0.1, secondEdits: 0.1, editsWhileReading: 0.02 },
  { http: 0.04, storage: 0.002, slow: 0.05, deaths: 1, windowEdits: 0.03, secondEdits: 0.03, editsWhileReading: 0.02 },
  { http: 0.1, storage: 0.004, slow: 0.1, deaths: 1, windowEdits: 0.05, secondEdits: 0.05, editsWhileReading: 0.03 },
  { http: 0.25, storage: 0.01, slow: 0.1, deaths: 1, windowEdits: 0.05, secondEdits: 0.03, editsWhileReading: 0.02 },
  { http: 0.02, storage: 0.01, slow: 0.3, deaths: 4, windowEdits: 0.02, secondEdits: 0.02, editsWhileReading: 0.02 },
]

/** Decides the fault of every numbered point, from the seed alone. */
export interface FaultPlan {
  readonly weather: Weather
  /** Nothing fails before it begins, nor once it is over. */
  begin(): void
  end(): void
  readonly isOver: () => boolean
  http(isWrite: boolean, isBatch: boolean): HttpFault
  storage(kind: 'read' | 'write' | 'transaction' | 'inside'): StorageFault
  /** How often each came. */
  readonly counts: Map<string, number>
}

export function createFaultPlan(dice: Dice): FaultPlan {
  const weather = dice.pick(weathers)
  const counts = new Map<string, number>()
  const { deaths } = weather
  let isOver = true
  let deathsLeft = 6

  const onRead: readonly (readonly [number, HttpFault])[] = [
    [3, 'refused'],
    [3, 'lost-before'],
    [2, 'lost-after'],
    [1, 'late'],
    [3, 'corrupt'],
    [2, 'page'],
    [2, 'busy'],
    [2, 'no-route'],
    [0.5, 'unauthorised'],
    [deaths, 'die-before'],
    [deaths, 'die-after'],
    [deaths, 'pause-before'],
    [deaths, 'pause-after'],
  ]
  const onWrite: readonly (readonly [number, HttpFault])[] = [
    [1, 'refused'],
    [2, 'lost-before'],
    [4, 'lost-after'],
    [4, 'late'],
    [6, 'twice'],
    [4, 'corrupt'],
    [1, 'page'],
    [2, 'busy'],
    [1, 'no-route'],
    [0.5, 'unauthorised'],
    [deaths, 'die-before'],
    [2 * deaths, 'die-after'],
    [2 * deaths, 'pause-before'],
    [deaths, 'pause-after'],
  ]
  const onBatch: readonly (readonly [number, HttpFault])[] = [...onWrite, [8, 'partial']]
  const alone: readonly (readonly [number, StorageFault])[] = [
    [2, 'fail-before'],
    [2, 'fail-after'],
    [deaths, 'die-before'],
    [deaths, 'die-after'],
    [deaths, 'pause-before'],
    [deaths, 'pause-after'],
  ]
  const inside: readonly (readonly [number, StorageFault])[] = [
    [2, 'fail-before'],
    [deaths, 'die-before'],
  ]

  function counted<Fault extends string>(place: string, fault: Fault): Fault | 'none' {
    if (fault.startsWith('die')) {
      if (deathsLeft === 0) return 'none'
      deathsLeft--
    }
    const name = `${place} ${fault}`
    counts.set(name, (counts.get(name) ?? 0) + 1)
    return fault
  }

  return {
    weather,
    counts,
    isOver: () => isOver,
    begin() {
      isOver = false
    },
    end() {
      isOver = true
    },
    http(isWrite, isBatch) {
      // Writes are few, and what happens to them matters most.
      const probability = isWrite ? Math.min(0.4, weather.http * 5) : weather.http
      if (isOver || !dice.chance(probability)) return 'none'
      return counted('http', dice.weigh(isBatch ? onBatch : isWrite ? onWrite : onRead))
    },
    storage(kind) {
      if (isOver) return 'none'
      const rolled = dice.roll()
      const probability = kind === 'transaction' ? weather.storage * 4 : weather.storage
      if (rolled < probability) {
        const options = kind === 'inside' ? inside : alone
        return counted('storage', dice.weigh(options))
      }
      return rolled < probability + weather.slow ? 'slow' : 'none'
    },
  }
}

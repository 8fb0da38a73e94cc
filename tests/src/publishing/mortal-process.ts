import { setImmediate } from 'node:timers/promises'
import { createIgny8, type Storage } from '@igny8/core'
import { createSeededRandom, type FakeClock, type FakePlatform } from '@igny8/core/testing'

/** A process that dies at a chosen step: from then on, nothing that it asks of its storage or of the site happens any more. */
export interface MortalProcess {
  readonly igny8: ReturnType<typeof createIgny8>
  isDead(): boolean
}

class Death extends Error {}

/** Starts an SDK on a storage and a site that others share; `stepsToLive` counts calls of either. */
export function startMortalProcess(input: {
  readonly storage: Storage
  readonly platform: FakePlatform
  readonly clock: FakeClock
  readonly stepsToLive: number
  readonly seed: number
  /** What happens while the process has stopped for a while, and does not know. */
  whileStopped(): Promise<void>
}): MortalProcess {
  let left = input.stepsToLive
  const paces = createSeededRandom(input.seed)

  function step(): void {
    left -= 1
    if (left < 0) throw new Death('The process is dead.')
  }

  /** Processes are not equally fast. Now and then one stops while others go on, between what it has read and what it reads next or writes. */
  async function dawdle(call: PropertyKey): Promise<void> {
    const [pace = 0, length = 0] = paces.bytes(2)
    if (pace < 50 && (call === 'list' || call === 'transaction')) {
      await input.whileStopped()
      for (let turns = length / 4; turns >= 0; turns--) await setImmediate()
    } else for (let turns = pace; turns >= 128; turns -= 16) await Promise.resolve()
  }

  const watched = <Target extends object>(target: Target): Target =>
    new Proxy(target, {
      get(_, name) {
        const value: unknown = Reflect.get(target, name)
        if (typeof value === 'object' && value !== null) return watched(value)
        if (typeof value !== 'function') return value
        return (...given: unknown[]) => {
          if (name === 'forAccount' || name === 'open') return watched(value.apply(target, given))
          if (name === 'transaction') return mortalTransaction(value.bind(target), given)
          if (isPure(name)) return value.apply(target, given)
          return (async () => {
            step()
            await dawdle(name)
            const result = await value.apply(target, given)
            step()
            return result
          })()
        }
      },
    })

  /** Death before the commit takes everything back; after it, the process does not hear of it. */
  async function mortalTransaction(
    run: (work: (stores: object) => unknown) => Promise<unknown>,
    [work]: readonly unknown[],
  ): Promise<unknown> {
    step()
    await dawdle('transaction')
    const result = await run(async (stores) => {
      const worked = await (work as (stores: object) => unknown)(watched(stores))
      step()
      return worked
    })
    step()
    return result
  }

  const igny8 = createIgny8({
    storage: watched(input.storage),
    platforms: [{ ...input.platform.adapter, open: (options) => watched(input.platform.adapter.open(options)) }],
    encryption: { keys: [{ id: 'test', secret: Buffer.alloc(32, 7).toString('base64') }] },
    clock: input.clock,
    random: createSeededRandom(input.seed + 0.5),
  })
  return { igny8, isDead: () => left < 0 }
}

const pure = new Set<PropertyKey>(['toSecret', 'normaliseUrl', 'then'])
const isPure = (name: PropertyKey) => pure.has(name)

import { Igny8Error, type PublishingSettings, type Storage } from '@igny8/core'
import { openPublishingWorld } from './publishing-world.ts'

const slot = { start: '10:00', end: '12:00' }

export const unanswered = () =>
  new Igny8Error({ code: 'TIMEOUT', message: 'No answer.', effect: 'unknown', retryable: true })

/** A site that publishes at the dates it is given: one item a day, from ten to noon. */
export async function openRemoteFutureWorld(
  settings: Parameters<typeof openPublishingWorld>[0] = {},
  storage?: Storage,
) {
  const world = await openPublishingWorld(
    { mode: 'remote-future', dailyPublishLimit: 1, publishTimeSlots: [slot], ...settings },
    storage,
  )
  const itemOf = (title: string) => [...world.platform.items.values()].find(({ fields }) => fields.title === title)
  return {
    ...world,
    itemOf,
    /** What the site holds: `A future 11-02T10:00`. */
    there: () =>
      [...world.platform.items.values()]
        .map(({ fields, status, publishedAt }) =>
          [fields.title, status, publishedAt?.toISOString().slice(5, 16)].join(' ').trim(),
        )
        .sort(),
    unit: async (id: string) => {
      const unit = await world.stores.publications.find(id)
      return unit === undefined ? 'none' : `${unit.status} ${unit.countedAt.toISOString().slice(5, 16)}`
    },
    /** Hands over what is planned. */
    tick: () => world.publishing.tick(world.siteId),
    async changeSettings(changes: Partial<PublishingSettings>) {
      const { siteId } = world
      const { version } = await world.publishing.settings.get(siteId)
      await world.publishing.settings.update({ siteId, version, changes })
    },
    /** Somebody on the site edits an item. */
    editThere(
      title: string,
      changes: { readonly status?: string; readonly state?: string; readonly publishedAt?: Date | null },
    ) {
      const item = itemOf(title)
      Object.assign(item ?? {}, changes, {
        modifiedAt: new Date(Math.floor(world.clock.now().getTime() / 1_000) * 1_000),
      })
    },
    pull: () => world.account.sync.pull({ integrationId: world.integration.id }),
    written: () => world.platform.calls.filter((call) => call === 'content.create' || call === 'content.update').length,
  }
}

export type RemoteFutureWorld = Awaited<ReturnType<typeof openRemoteFutureWorld>>

/** The next call of this name fails before it does anything. */
export function failOnce({ platform }: RemoteFutureWorld, name: string, effect: 'none' | 'unknown'): void {
  platform.interfere.before = (call) => {
    if (call !== name) return
    platform.interfere = {}
    throw new Igny8Error({ code: 'TIMEOUT', message: 'It fails.', effect, retryable: true })
  }
}

/** The next call of this name is done, and its answer is lost. */
export function loseAnswerOnce({ platform }: RemoteFutureWorld, name: string): void {
  platform.interfere.after = (call) => {
    if (call !== name) return
    platform.interfere = {}
    throw unanswered()
  }
}

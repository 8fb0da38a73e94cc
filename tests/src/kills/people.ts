import type { Dice } from './dice.ts'
import { type Worker, workerGone } from './start-worker.ts'
import type { WatchedSite } from './watched-site.ts'

/** People who go on working on both sides whatever dies. */
export interface People {
  /** Words that somebody wrote and was told that they are kept. */
  readonly edits: readonly string[]
  /** What hosts were told has happened: the type of the event and its subject. */
  readonly promised: readonly (readonly [type: string, subjectId: string])[]
  /** Errors that nobody would expect. */
  readonly surprises: readonly string[]
  /** Something happens on both sides. Resolves when all of it has its answer, or never will. */
  work(worker: Worker): Promise<void>
  /** Pushes again what had no answer, and decides open conflicts. */
  tidyUp(worker: Worker): Promise<void>
}

/** A host repeats these itself, or a person does later. */
const passing = new Set<string>([
  ...[workerGone, 'VERSION_CONFLICT', 'CONFLICT_OPEN', 'NOT_APPROVED', 'SYNC_RUNNING', 'LEASE_LOST', 'NOT_FOUND'],
  // The item went to the trash meanwhile, there or here.
  ...['REMOTE_NOT_FOUND', 'INVALID_TRANSITION'],
  // An answer was lost with a worker, or the machine was too slow for so short a lease.
  ...['TIMEOUT', 'CONNECTION_FAILED', 'REMOTE_FAILED', 'CANCELLED'],
])

export function createPeople(input: {
  readonly token: string
  readonly dice: Dice
  readonly watched: WatchedSite
  readonly siteId: string
  readonly integrationId: string
}): People {
  const { token, dice, watched, siteId, integrationId } = input
  const { people, state } = watched.site
  const edits: string[] = []
  const promised: [string, string][] = []
  const ours: string[] = []
  const removed = new Set<string>()
  const surprises: string[] = []
  const passOver = (error: unknown): undefined => {
    if (!isPassing(error)) surprises.push(String(error))
    return undefined
  }
  const unanswered = new Set<string>()
  let count = 0
  let gone = 0
  /** What went, here or there, counts for a day: too much of it stops everything, as it should. */
  const mayGo = () => gone < [...state.posts.values()].filter(({ status }) => status === 'publish').length / 20
  const word = () => `${token}w${++count}`

  async function publish({ account }: Worker, contentId: string): Promise<void> {
    unanswered.add(contentId)
    await account.sync.push({ contentId, integrationId, as: 'publish' })
    unanswered.delete(contentId)
  }

  async function create(worker: Worker): Promise<void> {
    const written = word()
    const title = `${token} here ${written}`
    const content = await worker.account.content.create({ siteId, type: 'post', title, body: `<p>${written}</p>` })
    ours.push(content.id)
    edits.push(written)
    promised.push(['content.created', content.id])
    await worker.account.content.approve(content.id)
    promised.push(['content.approved', content.id])
    await publish(worker, content.id)
  }

  async function editHere(worker: Worker): Promise<void> {
    const { account } = worker
    const { items } = await account.content.list({ limit: 100, sort: 'updatedAt' })
    const content = dice.pick(items)
    if (content === undefined) return
    const written = word()
    const changes = dice.chance(0.3)
      ? { excerpt: `${written} ${content.excerpt}` }
      : { body: `${content.body}\n<p>${written}</p>` }
    await account.content.update({ contentId: content.id, version: content.version, changes })
    edits.push(written)
    promised.push(['content.updated', content.id])
    await account.content.approve(content.id)
    await publish(worker, content.id)
  }

  async function removeHere({ account }: Worker): Promise<void> {
    // What is removed already is not removed again, and nobody is told of it.
    const contentId = dice.pick(ours.filter((id) => !removed.has(id)))
    if (contentId === undefined || !mayGo()) return
    removed.add(contentId)
    gone++
    await account.content.remove(contentId)
    // What a pull had found deleted was removed already.
    const { items } = await account.sync.events({ contentId })
    if (items.every(({ metadata }) => metadata.outcome !== 'deleted')) promised.push(['content.removed', contentId])
  }

  function workOnSite(): void {
    const living = [...state.posts.values()].filter((post) => post.status === 'publish')
    if (living.length < 5 || dice.chance(0.25)) {
      const written = word()
      people.create({ title: `${token} there ${written}`, content: `<p>${written}</p>`, status: 'publish' })
      edits.push(written)
    }
    const post = dice.pick(living)
    if (post === undefined) return
    const written = word()
    const change = dice.chance(0.3)
      ? { excerpt: `${written} ${post.excerpt}` }
      : { content: `<p>${written}</p>\n${post.content}` }
    people.edit(post.id, change)
    edits.push(written)
    if (dice.chance(0.15) && mayGo()) {
      gone++
      people.trash(dice.pick(living)?.id ?? post.id)
    }
  }

  return {
    edits,
    promised,
    surprises,
    async work(worker) {
      workOnSite()
      const tasks = [create(worker), editHere(worker), editHere(worker)]
      if (dice.chance(0.6)) tasks.push(worker.account.sync.start({ integrationId }).then(() => undefined))
      if (dice.chance(0.1)) tasks.push(removeHere(worker))
      await Promise.all(tasks.map((task) => task.catch(passOver)))
    },
    async tidyUp(worker) {
      const { account } = worker
      const open = (await account.conflicts.list({ status: 'open', limit: 500 })).items
      for (const conflict of open) {
        const fields = Object.fromEntries(
          conflict.fields.map(({ field }) => [field, dice.chance(0.5) ? 'ours' : 'theirs'] as const),
        )
        await account.conflicts.resolve({ conflictId: conflict.id, fields }).catch(passOver)
        unanswered.add(conflict.contentId)
      }
      const { items } = await account.content.list({ limit: 500 })
      // Whoever was cut off between their edit and its approval comes back to it.
      for (const { id, status, pendingChanges } of items)
        if (status !== 'published' || pendingChanges) unanswered.add(id)
      for (const contentId of unanswered) {
        const content = await account.content.get(contentId).catch(passOver)
        if (content === undefined || content.removedAt !== null) unanswered.delete(contentId)
        else
          await account.content
            .approve(contentId)
            .then(() => publish(worker, contentId))
            .catch(passOver)
      }
    },
  }
}

/** What may happen where people, workers and kills meet; anything else is a defect. */
export function isPassing(error: unknown): boolean {
  return passing.has(String((error as { readonly code?: unknown }).code))
}

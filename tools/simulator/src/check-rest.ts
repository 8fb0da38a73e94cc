import type { Content, SyncEvent } from '@igny8/core'
import type { PostRow } from '@igny8-tools/fake-wordpress'
import { shownTerms } from './edit-ledger.ts'
import type { End } from './read-end.ts'
import type { World } from './world.ts'

/** Nothing is left in the middle of something. */
export function checkRest(world: World, end: End): readonly string[] {
  const problems: string[] = []
  if (end.integration?.syncStatus === 'syncing') problems.push('I3: the integration is still syncing')
  for (const run of end.runs)
    if (run.status === 'running') problems.push(`I3: the run ${run.id} (${run.phase}) is still running`)
  const contentOf = new Map(end.contents.map((content) => [content.id, content]))
  const open = new Set(end.conflicts.filter(({ status }) => status === 'open').map(({ contentId }) => contentId))
  for (const intent of end.intents) {
    const content = contentOf.get(intent.contentId)
    const link = end.links.find(({ localId }) => localId === intent.contentId)
    // A push never revives what was taken away there: it waits for a person.
    const isGone = link !== undefined && !isLiving(world, link.externalId)
    if (intent.finishedAt === null && !open.has(intent.contentId) && !isGone)
      problems.push(`I3: the intent of ${intent.contentId} (${intent.action}, ${content?.status}) is still open`)
  }
  for (const { id, contentId, fields } of end.conflicts.filter(({ status }) => status === 'open'))
    problems.push(`I3: nobody can decide ${id} of ${contentId} (${fields.map(({ field }) => field).join()})`)
  problems.push(...findForgottenRemovals(world, end, open), ...findUnmarkedTombstones(world, end, open))
  for (const content of end.contents)
    if (content.status === 'publishing') problems.push(`I3: the content ${content.id} is still publishing`)
  return problems
}

/** What was removed here is gone there, where the policy says so and nobody has still to decide. */
function findForgottenRemovals(world: World, end: End, open: ReadonlySet<string>): readonly string[] {
  const linkOf = new Map(end.links.map((link) => [link.localId, link]))
  return end.contents.flatMap(({ id, removedAt }) => {
    const link = linkOf.get(id)
    if (removedAt === null || link === undefined || open.has(id) || !world.watch.isRemovedThere(removedAt)) return []
    const stands = isLiving(world, link.externalId) && !world.watch.wasTakenAway(Number(link.externalId))
    return stands ? [`removal: ${id} was removed here, and post ${link.externalId} stands there still`] : []
  })
}

/** What is gone here and there is noted as gone on its link: by that its return is known, and one deletion too many. */
function findUnmarkedTombstones(world: World, end: End, open: ReadonlySet<string>): readonly string[] {
  const removed = new Set(end.contents.filter(({ removedAt }) => removedAt !== null).map(({ id }) => id))
  return end.links
    .filter(({ localId, externalId, deletedAt }) => {
      const isGone = removed.has(localId) && !isLiving(world, externalId)
      return isGone && deletedAt === null && !open.has(localId)
    })
    .map(
      ({ localId, externalId }) =>
        `deletions: ${localId} and post ${externalId} are gone, and its link counts as living`,
    )
}

/** Both sides hold the same, wherever nobody has to decide or approve anything. */
export function checkEquality(world: World, end: End): readonly string[] {
  const { posts } = world.site.state
  const problems: string[] = []
  const open = new Set(end.conflicts.filter(({ status }) => status === 'open').map(({ contentId }) => contentId))
  const linkOf = new Map(end.links.map((link) => [link.localId, link]))
  for (const content of end.contents) {
    const link = linkOf.get(content.id)
    if (link === undefined || content.removedAt !== null || open.has(content.id)) continue
    const post = posts.get(Number(link.externalId))
    if (post === undefined || post.status === 'trash') {
      if (link.deletedAt === null && !isWaiting(world, end, content))
        problems.push(`I6: ${content.id} lives here, its post ${link.externalId} is ${post?.status ?? 'gone'}`)
      continue
    }
    const differing = compare(world, end, content, post)
    if (differing.length > 0) problems.push(`I6: ${content.id} and post ${post.id} differ: ${differing.join('; ')}`)
  }
  return problems
}

/** Edited, kept or restored here while it was taken away there: a person knows. */
function isWaiting({ events }: World, { conflicts }: End, { id, pendingChanges, status }: Content): boolean {
  const isRestored = listRestored(events).has(id)
  const isKept = conflicts.some(({ contentId, resolution }) => contentId === id && resolution?.status === 'ours')
  return pendingChanges || status === 'approved' || isRestored || isKept
}

/** Contents that were removed here, and wanted again. */
function listRestored(events: World['events']): ReadonlySet<string> {
  return new Set(events.filter(({ type }) => type === 'content.restored').map(({ subjectId }) => subjectId))
}

function isLiving(world: World, externalId: string): boolean {
  const status = world.site.state.posts.get(Number(externalId))?.status
  return status !== undefined && status !== 'trash'
}

function compare(world: World, end: End, content: Content, post: PostRow): readonly string[] {
  const differing: string[] = []
  const check = (field: string, here: unknown, there: unknown): void => {
    if (here !== there) differing.push(`${field} ${JSON.stringify(here)} ≠ ${JSON.stringify(there)}`)
  }
  const termOf = new Map(end.termLinks.map((link) => [link.localId, link.externalId]))
  const hashOf = new Map(end.images.map(({ id, contentHash }) => [id, contentHash ?? id]))
  // The same bytes are the same image, however many rows they have here, and however many an upload that was carried out late has left there.
  const imagesOf = Map.groupBy(end.imageLinks, (link) => hashOf.get(link.localId) ?? '')
  const taxonomyOf = new Map(end.taxonomies.map((row) => [row.id, row]))
  check('title', content.title.trim(), post.title)
  check('body', content.body, post.content)
  check('excerpt', content.excerpt, post.excerpt)
  // A draft under a marker has no slug of its own yet.
  check('slug', content.slug ?? '', /^igny8-[0-9a-f]{32}/.test(post.slug) ? '' : post.slug)
  // A term that was deleted there cannot be set any more.
  const stands = (id: string): boolean => !termOf.has(id) || world.site.state.terms.has(Number(termOf.get(id)))
  const ours = content.taxonomyIds.filter(stands).map((id) => termOf.get(id) ?? `unlinked ${taxonomyOf.get(id)?.name}`)
  // WordPress puts what has no category into its default one: that is no edit, and so does not come here.
  const hasCategory = content.taxonomyIds.some((id) => taxonomyOf.get(id)?.type === 'category')
  const isDefault = (id: number): boolean => !hasCategory && id === world.site.state.settings.defaultCategoryId
  const theirs = Object.values(shownTerms(post)).flatMap((ids) => ids.filter((id) => !isDefault(id)).map(String))
  check('terms', ours.sort().join(), theirs.sort().join())
  const there = String(post.featuredMediaId)
  const images =
    imagesOf.get(hashOf.get(content.featuredImageId ?? '') ?? '')?.map(({ externalId }) => externalId) ?? []
  const media = content.featuredImageId === null ? '0' : images.includes(there) ? there : images.join() || 'unlinked'
  check('image', media, there)
  check('meta', content.meta.subtitle ?? '', post.meta.subtitle ?? '')
  check(
    'status',
    content.status === 'published' ? 'publish' : content.status === 'scheduled' ? 'future' : 'draft',
    plain(post),
  )
  return differing
}

function plain({ status }: PostRow): string {
  if (status === 'private') return 'publish'
  return status === 'pending' ? 'draft' : status
}

/** How an item was left, where an event says so; else as it is. */
function tells({ metadata }: SyncEvent): unknown {
  return metadata.remoteStatus ?? 'publish'
}

/** The log of a link tells what it is tied to, and that it came to the public. */
export function checkEvents({ events: told }: World, end: End): readonly string[] {
  const problems: string[] = []
  const restored = listRestored(told)
  // A create that was removed here before it was finished has told of nothing yet, nor before it is pushed again.
  const isUntold = ({ id, removedAt, publishedAt }: Content): boolean =>
    removedAt !== null || (publishedAt === null && restored.has(id))
  const untold = new Set(end.contents.filter(isUntold).map(({ id }) => id))
  for (const link of end.links) {
    const events = end.events.filter(
      ({ contentId, externalId, status }) => contentId === link.localId && status === 'success' && externalId !== null,
    )
    const own = events.filter(({ metadata }) => !String(metadata.outcome ?? '').startsWith('twin'))
    const [newest] = own
    if (newest === undefined && untold.has(link.localId)) continue
    if (newest === undefined) problems.push(`I4: no event tells of ${link.localId} and post ${link.externalId}`)
    else if (newest.externalId !== link.externalId)
      problems.push(
        `I4: the last event of ${link.localId} names post ${newest.externalId}, its link ${link.externalId}`,
      )
    else if (link.deletedAt === null && link.remoteStatus === 'publish' && tells(newest) !== 'publish')
      problems.push(
        `I4: the last event of ${link.localId} tells ${newest.metadata.remoteStatus}, its link ${link.remoteStatus}`,
      )
  }
  return problems
}

import type { SyncLink } from '@igny8/core'
import { type Displacement, textOfPost, tokensOf } from './edit-ledger.ts'
import type { End } from './read-end.ts'
import type { World } from './world.ts'

/** Drafts that a late request left and that somebody edited stay, and are told of. */
function readLeftTwins(end: End): ReadonlySet<string> {
  return new Set(eventsOfLeftTwins(end).map(({ externalId }) => externalId ?? ''))
}

function eventsOfLeftTwins({ events }: End): End['events'] {
  return events.filter(({ metadata }) => metadata.outcome === 'twin_left')
}

/** What nobody worked on goes to the trash; what was made of an earlier version of ours, or names a term that is gone, does not look like a twin. */
function checkLeftTwins({ people }: World, end: End): readonly string[] {
  const headOf = new Map(end.contents.map((head) => [head.id, head]))
  const isEarlier = (past: End['history'][number]) =>
    (['title', 'body', 'excerpt'] as const).some((name) => past[name] !== headOf.get(past.contentId)?.[name])
  const edited = new Set(end.history.filter(isEarlier).map(({ contentId }) => contentId))
  const own = new Set(end.taxonomies.flatMap(({ id, name }) => (name.startsWith('Uncategorized') ? [] : id)))
  const namesOwn = ({ taxonomyIds }: { readonly taxonomyIds: readonly string[] }) =>
    taxonomyIds.some((id) => own.has(id))
  const named = new Set([
    ...end.contents.filter(namesOwn).map(({ id }) => id),
    ...end.history.filter(namesOwn).map(({ contentId }) => contentId),
  ])
  const isExcused = (contentId: string) => edited.has(contentId) || (people.hasDeletedTerms && named.has(contentId))
  return eventsOfLeftTwins(end)
    .filter(({ externalId, contentId }) => !people.touched.has(Number(externalId)) && !isExcused(contentId ?? ''))
    .map(({ externalId }) => `I1: post ${externalId} is a second draft that nobody touched, and was left there`)
}

/** At most one living post per content, and one content per living post: by the links, and by what opens each body. */
export function checkLinks(world: World, end: End): readonly string[] {
  const { posts } = world.site.state
  const problems = [...checkLeftTwins(world, end)]
  const leftTwins = readLeftTwins(end)
  const living = [...posts.values()].filter(({ status }) => status !== 'trash')
  const linkOf = new Map(end.links.map((link) => [link.externalId, link]))
  for (const post of living) {
    const link = linkOf.get(String(post.id))
    const isDeleted = link !== undefined && link.deletedAt !== null
    if ((link === undefined || isDeleted) && !leftTwins.has(String(post.id)))
      problems.push(
        `I1: post ${post.id} (${post.status}, ${post.slug}) ${isDeleted ? 'counts as deleted' : 'is nowhere here'}`,
      )
  }
  const postsOf = new Map<string, number[]>()
  for (const post of living) {
    // Nothing on a stock site tells a draft as ours any more, once somebody has given it another slug before it was found.
    if (leftTwins.has(String(post.id)) || world.people.renamedDrafts.has(post.id)) continue
    for (const token of openings(textOfPost(world.site.state, post)))
      postsOf.set(token, [...(postsOf.get(token) ?? []), post.id])
  }
  for (const [token, ids] of postsOf)
    if (ids.length > 1) problems.push(`I1: ${token} opens several posts: ${ids.join(', ')}`)
  const isTwin = ({ externalId }: SyncLink): boolean =>
    leftTwins.has(externalId) || world.people.renamedDrafts.has(Number(externalId))
  const twinContents = new Set(end.links.filter(isTwin).map(({ localId }) => localId))
  const contentsOf = new Map<string, string[]>()
  for (const content of end.contents) {
    if (content.removedAt !== null || twinContents.has(content.id)) continue
    for (const token of openings(content.body)) contentsOf.set(token, [...(contentsOf.get(token) ?? []), content.id])
  }
  for (const [token, ids] of contentsOf)
    if (ids.length > 1) problems.push(`I1: ${token} opens several contents: ${ids.join(', ')}`)
  for (const { id, origin, body } of end.contents)
    if (origin === 'remote' && !twinContents.has(id))
      for (const token of openings(body))
        if (world.ledger.edits.get(token)?.side === 'ours')
          problems.push(`I1: ${token}, which was created here, came back from the site as ${id}`)
  return problems
}

/** Tokens that open a body: they are never edited away. */
function openings(text: string): readonly string[] {
  return [...text.matchAll(/(q\d+z) opens/g)].flatMap((match) => match[1] ?? [])
}

/** All tokens of heads, history and conflicts. */
export function tokensHere(end: End): ReadonlySet<string> {
  const names = new Map(end.taxonomies.map(({ id, name }) => [id, name]))
  const named = (ids: readonly string[]): string => ids.map((id) => names.get(id) ?? '').join(' ')
  const kept: string[] = []
  for (const { title, body, excerpt, slug, meta, taxonomyIds } of [...end.contents, ...end.history])
    kept.push(title, body, excerpt, slug ?? '', JSON.stringify(meta), named(taxonomyIds))
  for (const conflict of end.conflicts) {
    kept.push(JSON.stringify(conflict.fields))
    for (const { ours, theirs, field } of conflict.fields)
      if (field === 'taxonomyIds') kept.push(named([ours, theirs].flat().map(String)))
  }
  return tokensOf(kept.join('\n'))
}

export interface LostEdits {
  readonly problems: readonly string[]
  /** Slug, terms and meta, of which a stock site keeps no revisions; and what went with an item that we deleted. */
  readonly inWindow: number
  /** Texts that only a revision on the site has: the process did not live to look for it, or never heard that it had written. */
  readonly unanswered: number
}

/** Every edit is in a head, in the history, or in a conflict; or its own side took it back. */
export function checkEdits(world: World, end: End): LostEdits {
  const { state } = world.site
  const names = new Map(end.taxonomies.map(({ id, name }) => [id, name]))
  const named = (ids: readonly string[]): string => ids.map((id) => names.get(id) ?? '').join(' ')
  const kept: string[] = []
  for (const fields of [...end.contents, ...end.history])
    kept.push(
      JSON.stringify([fields.title, fields.body, fields.excerpt, fields.slug, fields.meta, named(fields.taxonomyIds)]),
    )
  for (const conflict of end.conflicts) {
    kept.push(JSON.stringify(conflict.fields))
    for (const { ours, theirs, field } of conflict.fields)
      if (field === 'taxonomyIds') kept.push(named([ours, theirs].flat().map(String)))
  }
  const here = tokensOf(kept.join('\n'))
  const leftTwins = readLeftTwins(end)
  // Still there to be had, where nobody took it from.
  const elsewhere = new Set<string>()
  for (const post of state.posts.values())
    if (post.status === 'trash' || leftTwins.has(String(post.id)))
      for (const token of tokensOf(textOfPost(state, post))) elsewhere.add(token)
  const problems: string[] = []
  let inWindow = 0
  let unanswered = 0
  for (const edit of world.ledger.edits.values()) {
    if (here.has(edit.token) || edit.isRetired) continue
    const { token, side, field, of, displaced } = edit
    if (side === 'theirs' && elsewhere.has(token)) continue
    const isText = field === 'title' || field === 'body' || field === 'excerpt'
    if (displaced?.isInWindow && (!isText || displaced.isDeletion)) inWindow++
    else if (displaced?.isInWindow && world.watch.hadTrouble(displaced.by, displaced.at)) unanswered++
    else problems.push(`I2: the edit ${token} (${side}, ${field} of ${of}) is lost${describe(displaced)}`)
  }
  return { problems, inWindow, unanswered }
}

function describe(displaced: Displacement | null): string {
  if (displaced === null) return ''
  const { by, at, postId, isInWindow } = displaced
  return `; ${by} took it off post ${postId} at ${new Date(at).toISOString()}${isInWindow ? ', in the window' : ''}`
}

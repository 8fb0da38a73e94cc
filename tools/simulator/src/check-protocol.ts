import type { SyncEvent } from '@igny8/core'
import { tokensHere } from './check-links.ts'
import { credentialOf } from './connect-site.ts'
import { textOfPost, tokensOf } from './edit-ledger.ts'
import { countDoubleUploads } from './protocol-watch.ts'
import type { End } from './read-end.ts'
import { decider } from './sync-operations.ts'
import type { World } from './world.ts'

const dayMs = 24 * 3_600_000
/** The guard lets three go in a day; one to spare for what came back while it was not looked at. */
const mostUnasked = 4

/**
 * One pull brings what people saved, without waiting for the sweep or for the rolling re-hash: every text on a living post is known here. Only what was
 * backdated, or became another type, may take longer.
 */
export function checkFreshness({ site, people, ledger }: World, end: End): readonly string[] {
  const here = tokensHere(end)
  const problems: string[] = []
  for (const post of site.state.posts.values()) {
    if (post.status === 'trash' || people.hidden.has(post.id) || people.renamedDrafts.has(post.id)) continue
    if (/^igny8-[0-9a-f]{32}/.test(post.slug)) continue
    for (const token of tokensOf(textOfPost(site.state, post))) {
      const edit = ledger.edits.get(token)
      const isSaved = edit?.field === 'title' || edit?.field === 'body' || edit?.field === 'excerpt'
      if (edit?.side === 'theirs' && isSaved && !edit.isRetired && !here.has(token))
        problems.push(`pull: ${token} (${edit.field} of post ${post.id}) was not brought by the pull after it`)
    }
  }
  return problems
}

/** What counts as deleted here was taken away there; and where much was, somebody was asked. */
export function checkDeletions({ people, watch }: World, end: End): readonly string[] {
  const deletions = end.events.filter(
    ({ metadata, eventType, actor }) =>
      metadata.outcome === 'deleted' && eventType === 'content_pull' && actor !== decider,
  )
  const problems: string[] = []
  for (const { externalId, createdAt } of deletions) {
    const id = Number(externalId)
    if (!people.thrownAway.has(id) && !watch.wasTakenAway(id))
      problems.push(`deletions: post ${externalId} counted as deleted, and nobody had touched it`)
    const count = countGone(end.events, createdAt)
    if (count > mostUnasked && !watch.isTrusted(createdAt))
      problems.push(`deletions: ${count} within a day, up to post ${externalId}, and nobody was asked`)
  }
  return problems
}

/** Posts that counted as deleted at an instant, since a day. `events` are newest first. */
function countGone(events: readonly SyncEvent[], at: Date): number {
  const seen = new Set<string>()
  let count = 0
  for (const { eventType, externalId, metadata, createdAt, status, actor } of events) {
    if (createdAt > at || createdAt.getTime() <= at.getTime() - dayMs || externalId === null) continue
    if (eventType !== 'content_pull' || status !== 'success' || seen.has(externalId)) continue
    seen.add(externalId)
    if (metadata.outcome === 'deleted' && actor !== decider) count++
  }
  return count
}

/** Where everything is to be asked, nothing is decided by itself. */
export function checkDecisions({ watch }: World, end: End): readonly string[] {
  if (!watch.isAlwaysAsked()) return []
  const decided = end.events.filter(({ metadata, actor }) => metadata.overruled !== undefined && actor !== decider)
  return decided.map(
    ({ contentId, metadata }) => `policy: ${metadata.overruled} of ${contentId} was overruled, and nobody was asked`,
  )
}

/** What nobody touched on the site has no history of its own there. */
export function checkEchoes({ people, faults }: World, end: End): readonly string[] {
  // A late writer of ours is somebody else, as far as the others can see.
  const isLate = [...faults.counts.keys()].some((name) => /pause|late|twice|die/.test(name))
  if (isLate) return []
  const linkOf = new Map(end.links.map((link) => [link.localId, link]))
  const headOf = new Map(end.contents.map((head) => [head.id, head]))
  // What was decided against is kept as it stood there, and never was what stands here.
  const overruled = new Set(
    end.events
      .filter(({ metadata }) => metadata.overruled !== undefined)
      .map(({ contentId, createdAt }) => `${contentId} ${createdAt.getTime()}`),
  )
  return end.history.flatMap((past) => {
    const { contentId, version, actor, createdAt } = past
    const link = linkOf.get(contentId)
    if (link === undefined || !actor.startsWith('site:') || people.touched.has(Number(link.externalId))) return []
    if (overruled.has(`${contentId} ${createdAt.getTime()}`)) return []
    // Of an item that is gone, in whose place another one was created.
    if (createdAt < link.createdAt) return []
    const later = end.history.filter((other) => other.contentId === contentId && other.version > version)
    const next = later.sort((one, other) => one.version - other.version)[0] ?? headOf.get(contentId)
    // The default category and the slug, which WordPress chooses when it publishes, come here as theirs.
    const isSame = (['title', 'body', 'excerpt'] as const).every((name) => past[name] === next?.[name])
    return isSame
      ? []
      : [`echo: version ${version} of ${contentId} was replaced by post ${link.externalId}, which nobody touched`]
  })
}

/** No image was uploaded twice, but by the network. */
export function checkUploads({ site, watch }: World): readonly string[] {
  const doubles = countDoubleUploads(site)
  return doubles > watch.oddUploads() ? [`media: ${doubles} uploads of bytes that the site had already`] : []
}

/** No credential in any row, event, error or line of the log. */
export async function checkSecrets({ site, storage, events, said }: World, end: End): Promise<readonly string[]> {
  const { username, applicationPassword } = credentialOf(site)
  const plain = applicationPassword.replaceAll(' ', '')
  const secrets = [applicationPassword, plain, Buffer.from(`${username}:${plain}`).toString('base64')]
  const outbox = await storage.system.listOutbox(500)
  const places = Object.entries({
    rows: JSON.stringify(end),
    outbox: JSON.stringify(outbox),
    events: JSON.stringify(events),
    said: said.join('\n'),
  })
  return places.flatMap(([place, text]) =>
    secrets.some((secret) => text.includes(secret)) ? [`I8: a credential is in the ${place}`] : [],
  )
}

import type { Account, Content } from '@igny8/core'
import type { RunningWordPress, SiteSnapshot, SnapshotPost } from '@igny8-tools/wordpress'
import { readAll } from './read-all.ts'
import type { ActsReport } from './run-acts.ts'

const types = new Set(['post', 'page', 'book', 'product'])
const gone = new Set(['trash', 'auto-draft', 'inherit'])

/**
 * Compares what the SDK holds with WordPress' own tables, read with PHP and not through the SDK: every item with its text, slug, status, terms and
 * image, both ways. Returns what does not agree; empty is good.
 */
export async function verifySite(
  account: Account,
  wordpress: RunningWordPress,
  acts: ActsReport,
  scheduledIds: readonly string[],
): Promise<readonly string[]> {
  const problems: string[] = []
  const check = (holds: boolean, problem: string) => void (holds || problems.push(problem))
  const snapshot = await wordpress.readSite()
  const posts = snapshot.posts.filter((post) => types.has(post.type) && !gone.has(post.status))
  const { siteId } = acts
  const contents = await readAll((cursor) => account.content.list({ siteId, limit: 500, ...cursor }))
  const terms = await readAll((cursor) => account.taxonomies.list({ siteId, limit: 500, ...cursor }))
  const images = await readAll((cursor) => account.images.list({ siteId, limit: 500, ...cursor }))
  const termNames = new Map(terms.map((term) => [term.id, `${term.type}:${term.name}`]))
  const altTexts = new Map(images.map((image) => [image.id, image.alt]))

  check(contents.length === posts.length, `${contents.length} contents here, ${posts.length} posts there`)
  const here = contents.map((content) => describeContent(content, termNames, altTexts))
  const there = posts.map((post) => describePost(post, snapshot))
  for (const { title } of missing(here, there)) check(false, `"${title}" stands differently on the site, or not at all`)
  for (const { title } of missing(there, here))
    check(false, `"${title}" of the site stands differently here, or not at all`)
  for (const contentId of acts.pushedIds) checkPushed(contentId, contents, posts, check)
  for (const contentId of scheduledIds) {
    const title = contents.find((content) => content.id === contentId)?.title
    const standing = posts.filter((post) => post.title === title && post.status === 'publish')
    check(standing.length === 1, `"${title}" was planned, and is public ${standing.length} times`)
  }
  const uploads = snapshot.attachments.map((attachment) => attachment.sha256).filter((hash) => hash !== null)
  check(new Set(uploads).size === uploads.length, 'an image was uploaded twice')
  check(
    snapshot.posts.every((post) => !post.slug.startsWith('igny8-')),
    'a draft under a marker was left behind',
  )
  checkEdits(contents, posts, acts, check)
  const { created, updated, deleted, failed } = acts.repull
  check(created + updated + deleted + failed === 0, 'the pull after the last sync found changes')
  return problems
}

type Check = (holds: boolean, problem: string) => void

interface Described {
  readonly title: string
  readonly all: string
}

function describeContent(
  content: Content,
  termNames: ReadonlyMap<string, string>,
  altTexts: ReadonlyMap<string, string>,
): Described {
  const { type, title, body, excerpt, slug, status } = content
  const terms = content.taxonomyIds.map((id) => termNames.get(id) ?? 'unknown').sort()
  const alt = content.featuredImageId === null ? null : (altTexts.get(content.featuredImageId) ?? 'unknown')
  return { title, all: JSON.stringify([type, title, body, excerpt, slug ?? '', status, terms, alt]) }
}

function describePost(post: SnapshotPost, { attachments }: SiteSnapshot): Described {
  const { type, title, content, excerpt, slug, status } = post
  const terms = post.terms
    .filter((term) => shown.has(term.taxonomy))
    .map((term) => `${nameOf(term.taxonomy)}:${decode(term.name)}`)
  const image = attachments.find((attachment) => attachment.id === post.thumbnailId)
  const alt = post.thumbnailId === null ? null : (image?.altText ?? 'unknown')
  return { title, all: JSON.stringify([type, title, content, excerpt, slug, statusOf(status), terms.sort(), alt]) }
}

const shown = new Set(['category', 'post_tag', 'genre', 'product_cat', 'product_tag'])
const nameOf = (taxonomy: string) => (taxonomy === 'post_tag' ? 'tag' : taxonomy)
/** WordPress keeps the names of terms escaped. */
const decode = (name: string) =>
  name.replaceAll('&amp;', '&').replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&quot;', '"')

function statusOf(status: string): Content['status'] {
  if (status === 'publish' || status === 'private') return 'published'
  return status === 'future' ? 'scheduled' : 'draft'
}

/** Those of `all` that have no equal in `others`; equals are counted. */
function missing(all: readonly Described[], others: readonly Described[]): readonly Described[] {
  const counts = new Map<string, number>()
  for (const other of others) counts.set(other.all, (counts.get(other.all) ?? 0) + 1)
  return all.filter((one) => {
    const left = counts.get(one.all) ?? 0
    counts.set(one.all, left - 1)
    return left <= 0
  })
}

function checkPushed(
  contentId: string,
  contents: readonly Content[],
  posts: readonly SnapshotPost[],
  check: Check,
): void {
  const content = contents.find((candidate) => candidate.id === contentId)
  const twins = posts.filter((post) => post.title === content?.title)
  check(twins.length === 1, `"${content?.title}" stands ${twins.length} times on the site`)
  check(twins[0]?.status === 'publish', `"${content?.title}" is not published`)
  check(twins[0]?.thumbnailId != null, `"${content?.title}" has no featured image`)
  check(twins[0]?.terms.length === 2, `"${content?.title}" has ${twins[0]?.terms.length} terms instead of 2`)
}

function checkEdits(
  contents: readonly Content[],
  posts: readonly SnapshotPost[],
  acts: ActsReport,
  check: Check,
): void {
  const contentOf = (id: string) => contents.find((content) => content.id === id)
  const { together } = acts
  check(contentOf(acts.editedThereId)?.excerpt === acts.editThere, 'the edit made in WordPress did not arrive')
  check(contentOf(acts.editedHereId)?.pendingChanges === false, 'the edit made here did not leave')
  const merged = posts.find((post) => post.title === contentOf(together.mergedId)?.title)?.content ?? ''
  const isMerged = merged.includes(together.mergedHere) && merged.includes(together.mergedThere)
  check(isMerged, 'the edits of two paragraphs were not merged')
  const decided = posts.filter((post) => post.title === together.decidedTitle)
  check(decided.length === 1, 'what was decided about the title did not reach the site')
  check(acts.lostAnswers === 1, `${acts.lostAnswers} answers were lost instead of 1`)
}

import type { Account, Content } from '@igny8/core'
import type { RunningWordPress, SnapshotPost } from '@igny8-tools/wordpress'
import type { ActsReport } from './run-acts.ts'

const types = new Set(['post', 'page', 'book', 'product'])
const gone = new Set(['trash', 'auto-draft', 'inherit'])

/**
 * Compares what the SDK holds with WordPress' own tables, read with PHP and not through the SDK. Returns what does not
 * agree; empty is good.
 */
export async function verifySite(
  account: Account,
  wordpress: RunningWordPress,
  acts: ActsReport,
): Promise<readonly string[]> {
  const problems: string[] = []
  const snapshot = await wordpress.readSite()
  const posts = snapshot.posts.filter((post) => types.has(post.type) && !gone.has(post.status))
  const contents = await readAll(account, acts.siteId)
  const check = (holds: boolean, problem: string) => void (holds || problems.push(problem))

  check(contents.length === posts.length, `${contents.length} contents here, ${posts.length} posts there`)
  const byKey = groupByKey(posts)
  for (const content of contents) {
    const twins = byKey.get(keyOf(content.type, content.title, content.body)) ?? []
    const twin = twins.pop()
    check(twin !== undefined, `no post equals "${content.title}" (${content.type}) byte for byte`)
    if (twin !== undefined) check(twin.excerpt === content.excerpt, `the excerpt of "${content.title}" differs`)
  }
  for (const contentId of acts.pushedIds) {
    const content = contents.find((candidate) => candidate.id === contentId)
    const twin = posts.filter((post) => post.title === content?.title)
    check(twin.length === 1, `"${content?.title}" stands ${twin.length} times on the site`)
    check(twin[0]?.status === 'publish', `"${content?.title}" is not published`)
    check(twin[0]?.thumbnailId != null, `"${content?.title}" has no featured image`)
    check(twin[0]?.terms.length === 2, `"${content?.title}" has ${twin[0]?.terms.length} terms instead of 2`)
    check(twin[0]?.slug.startsWith('igny8-') === false, `"${content?.title}" kept its marker slug`)
  }
  const uploads = snapshot.attachments.map((attachment) => attachment.sha256).filter((hash) => hash !== null)
  check(new Set(uploads).size === uploads.length, 'an image was uploaded twice')
  check(
    contents.find((content) => content.id === acts.editedThereId)?.excerpt === acts.editThere,
    'the edit made in WordPress did not arrive',
  )
  check(
    contents.find((content) => content.id === acts.editedHereId)?.pendingChanges === false,
    'the edit made here did not leave',
  )
  const { created, updated, deleted, failed } = acts.repull
  check(created + updated + deleted + failed === 0, 'the pull after the last sync found changes')
  return problems
}

async function readAll(account: Account, siteId: string): Promise<readonly Content[]> {
  const contents: Content[] = []
  let cursor: string | undefined
  do {
    const page = await account.content.list({ siteId, limit: 500, ...(cursor === undefined ? {} : { cursor }) })
    contents.push(...page.items)
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
  return contents
}

function keyOf(type: string, title: string, body: string): string {
  return JSON.stringify([type, title, body])
}

function groupByKey(posts: readonly SnapshotPost[]): Map<string, SnapshotPost[]> {
  const groups = new Map<string, SnapshotPost[]>()
  for (const post of posts) {
    const key = keyOf(post.type, post.title, post.content)
    groups.set(key, [...(groups.get(key) ?? []), post])
  }
  return groups
}

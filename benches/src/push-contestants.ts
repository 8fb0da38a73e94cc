import type { ConnectedSdk, SiteAccess } from './connect-sdk.ts'
import { isLookUp, type RecordingFetch } from './recording-fetch.ts'
import { createWpapiClient } from './wpapi-client.ts'

/** A post that is to be published. */
export interface NewPost {
  readonly title: string
  readonly slug: string
  readonly body: string
}

export interface PushTime {
  readonly milliseconds: number
  readonly writes: number
  readonly lookUps: number
}

const paragraph = `<!-- wp:paragraph -->\n<p>${'Bring water, a map and somebody who laughs. '.repeat(11)}</p>\n<!-- /wp:paragraph -->`

/** Posts of about 2 kB that nobody else has made. */
export function writeNewPosts(batch: string, count: number): readonly NewPost[] {
  return Array.from({ length: count }, (_, index) => ({
    title: `Pushed ${batch} ${index}`,
    slug: `pushed-${batch}-${index}`,
    body: [paragraph, paragraph, paragraph, paragraph].join('\n\n'),
  }))
}

/** All at once. That they are written and approved here is not timed: it is their author's time. */
export async function pushWithSdk(
  { account, integrationId, siteId }: ConnectedSdk,
  recorder: RecordingFetch,
  posts: readonly NewPost[],
): Promise<PushTime> {
  const contentIds: string[] = []
  for (const post of posts) {
    const content = await account.content.create({ siteId, type: 'post', ...post })
    await account.content.approve(content.id)
    contentIds.push(content.id)
  }
  recorder.take()
  const startedAt = performance.now()
  const outcomes = await account.sync.pushMany({ contentIds, integrationId })
  const milliseconds = performance.now() - startedAt
  const requests = recorder.take()
  for (const outcome of outcomes) if (!outcome.ok) throw outcome.error
  const lookUps = requests.filter(isLookUp).length
  return { milliseconds, writes: requests.length - lookUps, lookUps }
}

/** One after the other, as the documentation of wpapi shows it. */
export async function pushWithWpapi(access: SiteAccess, posts: readonly NewPost[]): Promise<PushTime> {
  const wpapi = createWpapiClient(access)
  const startedAt = performance.now()
  for (const { title, slug, body } of posts)
    await wpapi.posts().create({ title, slug, content: body, status: 'publish' })
  return { milliseconds: performance.now() - startedAt, writes: posts.length, lookUps: 0 }
}

/** Posts that WordPress takes in one request. */
const batchSize = 25
/** What the SDK has under way at once, too. */
const connections = 2
const answered =
  'id,type,status,slug,link,date_gmt,modified_gmt,title.raw,content.raw,excerpt.raw,featured_media,meta,categories,tags'

/**
 * The same writes with nothing read, nothing compared and nothing kept: what the server itself takes for drafts that are then published, which is what it costs that no
 * lost answer makes a second post.
 */
export async function pushBare(access: SiteAccess, posts: readonly NewPost[]): Promise<PushTime> {
  const queue = Array.from({ length: Math.ceil(posts.length / batchSize) }, (_, index) =>
    posts.slice(index * batchSize, (index + 1) * batchSize),
  )
  let writes = 0
  const run = (operations: readonly BareOperation[]) => {
    writes++
    return sendBatch(access, operations)
  }
  const work = async () => {
    for (let batch = queue.shift(); batch !== undefined; batch = queue.shift()) {
      const ids = await run(
        batch.map(({ title, slug, body }) => ({
          path: `/wp/v2/posts?_fields=${answered}`,
          body: { status: 'draft', title, content: body, slug: `draft-${slug}` },
        })),
      )
      await run(
        batch.map(({ slug }, at) => ({
          path: `/wp/v2/posts/${ids[at]}?_fields=${answered}`,
          body: { status: 'publish', slug },
        })),
      )
    }
  }
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: connections }, work))
  return { milliseconds: performance.now() - startedAt, writes, lookUps: 0 }
}

interface BareOperation {
  readonly path: string
  readonly body: Readonly<Record<string, unknown>>
}

/** The ids that were written, in order. */
async function sendBatch(
  { url, username, applicationPassword }: SiteAccess,
  operations: readonly BareOperation[],
): Promise<readonly number[]> {
  const credentials = Buffer.from(`${username}:${applicationPassword}`).toString('base64')
  const answer = await fetch(`${url}/wp-json/batch/v1`, {
    method: 'POST',
    headers: { authorization: `Basic ${credentials}`, 'content-type': 'application/json' },
    body: JSON.stringify({ requests: operations.map((operation) => ({ method: 'POST', ...operation })) }),
  })
  const { responses } = (await answer.json()) as {
    readonly responses: readonly { readonly body: { readonly id?: number } }[]
  }
  return responses.map(({ body }) => {
    if (body.id === undefined) throw new Error(`The site refused a post: ${JSON.stringify(body).slice(0, 200)}`)
    return body.id
  })
}

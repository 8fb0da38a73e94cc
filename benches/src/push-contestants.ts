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

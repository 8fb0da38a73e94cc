import { createMemoryStorage } from '@igny8/storage-memory'
import { benchAccountId, type ConnectedSdk, connectSdk, type SiteAccess } from './connect-sdk.ts'
import { createRecordingFetch, type RecordedRequest, type RecordingFetch, readsOutlines } from './recording-fetch.ts'
import { createWpapiClient, type WpapiPage } from './wpapi-client.ts'

/** One read of all posts. */
export interface PullTime {
  readonly milliseconds: number
  /** Of this process, which the server may want at the same time. */
  readonly cpuMs: number
  readonly distinctPosts: number
}

export interface SdkPull extends PullTime {
  /** The sweep over all ids that proves the pull complete. */
  readonly sweepMs: number
  /** What the pull asked for, without the sweep. */
  readonly requests: readonly RecordedRequest[]
  readonly sdk: ConnectedSdk
  readonly recorder: RecordingFetch
}

/** The first pull of a fresh SDK. Whoever calls stops it. */
export async function pullWithSdk(access: SiteAccess): Promise<SdkPull> {
  const recorder = createRecordingFetch()
  const storage = createMemoryStorage()
  const sdk = await connectSdk(access, { storage, fetch: recorder.fetch })
  recorder.take()
  const cpuBefore = process.cpuUsage()
  const startedAt = performance.now()
  await sdk.account.sync.pull({ integrationId: sdk.integrationId })
  const endedAt = performance.now()
  const requests = recorder.take()
  // The sweep asks for its first page once the last page of the pull is stored.
  const sweepStart = requests.findIndex(readsOutlines)
  const firstOfSweep = requests[sweepStart]
  if (firstOfSweep === undefined)
    throw new Error('The first pull made no sweep: it cannot be told where the pull ended.')
  const { links } = storage.forAccount(benchAccountId)
  return {
    milliseconds: firstOfSweep.leftAt - startedAt,
    cpuMs: cpuBetween(cpuBefore, firstOfSweep.cpu),
    sweepMs: endedAt - firstOfSweep.leftAt,
    distinctPosts: await links.count({ integrationId: sdk.integrationId, kind: 'content', state: 'living' }),
    requests: requests.slice(0, sweepStart),
    sdk,
    recorder,
  }
}

/** The same requests again with nothing done with the answers: what the server itself takes. */
export async function replay(requests: readonly RecordedRequest[], connections: number): Promise<PullTime> {
  const queue = requests.map(({ method, url, headers }) => ({ method, url, headers }))
  if (queue.some(({ method }) => method !== 'GET')) throw new Error('The pull wrote something: it cannot be repeated.')
  const bodies: { readonly url: URL; readonly bytes: ArrayBuffer }[] = []
  const work = async () => {
    for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
      const answer = await fetch(next.url, { headers: next.headers })
      const bytes = await answer.arrayBuffer()
      if (!answer.ok) throw new Error(`The site answered ${answer.status} to ${next.url.pathname}.`)
      bodies.push({ url: next.url, bytes })
    }
  }
  const cpuBefore = process.cpuUsage()
  const startedAt = performance.now()
  await Promise.all(Array.from({ length: connections }, work))
  const milliseconds = performance.now() - startedAt
  return { milliseconds, cpuMs: cpuBetween(cpuBefore, process.cpuUsage()), distinctPosts: countDistinct(bodies) }
}

/** Read after the time was taken, so that reading costs the limit nothing. */
function countDistinct(bodies: readonly { readonly url: URL; readonly bytes: ArrayBuffer }[]): number {
  const ids = new Set<number>()
  for (const { url, bytes } of bodies) {
    if (!url.pathname.endsWith('/posts')) continue
    for (const { id } of JSON.parse(Buffer.from(bytes).toString()) as { readonly id: number }[]) ids.add(id)
  }
  return ids.size
}

/** The default read of wpapi: rendered posts, page after page, as its documentation shows it. */
export async function pullWithWpapi(access: SiteAccess): Promise<PullTime> {
  const wpapi = createWpapiClient(access)
  const ids = new Set<number>()
  const cpuBefore = process.cpuUsage()
  const startedAt = performance.now()
  for (let page = 1, pages = 1; page <= pages; page++) {
    const posts: WpapiPage = await wpapi.posts().perPage(100).page(page).get()
    pages = Number(posts._paging?.totalPages)
    for (const { id } of posts) ids.add(id)
  }
  return {
    milliseconds: performance.now() - startedAt,
    cpuMs: cpuBetween(cpuBefore, process.cpuUsage()),
    distinctPosts: ids.size,
  }
}

function cpuBetween(from: NodeJS.CpuUsage, to: NodeJS.CpuUsage): number {
  return (to.user + to.system - from.user - from.system) / 1_000
}

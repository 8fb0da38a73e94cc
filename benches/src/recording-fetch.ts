/** A request as it left. */
export interface RecordedRequest {
  readonly method: string
  readonly url: URL
  readonly headers: Headers
  /** Of `performance.now()`. */
  readonly leftAt: number
  /** What this process had used by then. */
  readonly cpu: NodeJS.CpuUsage
}

export interface RecordingFetch {
  readonly fetch: typeof globalThis.fetch
  /** Everything since the last call, oldest first. */
  take(): readonly RecordedRequest[]
}

/** The global fetch, and what went through it. */
export function createRecordingFetch(): RecordingFetch {
  let requests: RecordedRequest[] = []
  return {
    fetch(input, init) {
      const request = {
        method: init?.method ?? 'GET',
        url: new URL(String(input)),
        headers: new Headers(init?.headers),
      }
      requests.push({ ...request, leftAt: performance.now(), cpu: process.cpuUsage() })
      return fetch(input, init)
    },
    take() {
      const taken = requests
      requests = []
      return taken
    },
  }
}

/** What is read of rows that are compared only: their bodies stay where they are. */
export function readsOutlines({ url }: Pick<RecordedRequest, 'url'>): boolean {
  const fields = (url.searchParams.get('_fields') ?? '').split(',')
  return fields.includes('modified_gmt') && !fields.includes('content.raw')
}

/** A read, though it may travel as a POST where it does not fit a URL. */
export function isLookUp({ method, url }: Pick<RecordedRequest, 'method' | 'url'>): boolean {
  return method === 'GET' || method === 'HEAD' || url.searchParams.get('_method') === 'GET'
}

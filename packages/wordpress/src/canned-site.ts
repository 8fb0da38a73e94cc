import type { Clock, HttpClient, HttpRequest, HttpResponse, PlatformConnection, Secret } from '@igny8/core'
import { createSilentLogger } from '@igny8/core/adapter-kit'
import { createFakeClock } from '@igny8/core/testing'
import recorded from './fixtures/wordpress-7.1.json' with { type: 'json' }

/** What a site answers; an object or list is sent as JSON. */
export interface CannedAnswer {
  readonly status?: number
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: string | Uint8Array | object
  /** Where it came from, after redirects. */
  readonly url?: string
}

/** A site without a server: recorded answers of WordPress, and what a test puts in their place. */
export interface CannedSite {
  readonly requests: readonly HttpRequest[]
  readonly clock: Clock
  readonly http: HttpClient
  readonly connection: PlatformConnection
}

export const cannedUrl = 'https://site.example'
const credential = 'editor:abcdEFGHijklMNOPqrstUVWX'

/** The answer to one request, or the error in its place. */
type Answers = Readonly<Record<string, CannedAnswer | Error | ((request: HttpRequest) => CannedAnswer)>>

const standard: Answers = {
  'GET /wp-json/': recordedAnswer('root'),
  'GET /wp-json/wp/v2/users/me': recordedAnswer('me'),
  'GET /wp-json/wp/v2/types': recordedAnswer('types'),
  'GET /wp-json/wp/v2/taxonomies': recordedAnswer('taxonomies'),
  'GET /wp-json/wp/v2/statuses': recordedAnswer('statuses'),
  'GET /wp-json/wp-abilities/v1/abilities/core/get-environment-info/run': recordedAnswer('environment'),
  'GET /wp-links-opml.php': recordedAnswer('blogroll'),
  'GET /': recordedAnswer('home'),
}

/** `answers` by method and path, such as `GET /wp-json/wp/v2/posts`; what has none is 404 `rest_no_route`. */
export function createCannedSite(answers: Answers = {}): CannedSite {
  const requests: HttpRequest[] = []
  const clock = createFakeClock({ start: '2026-11-24T04:00:00Z' })
  const all: Answers = { ...standard, ...answers }
  const http: HttpClient = {
    async request(request) {
      requests.push(request)
      const { pathname } = new URL(request.url)
      const found = all[`${request.method} ${pathname}`] ?? recordedAnswer('noRoute')
      if (found instanceof Error) throw found
      return buildResponse(request.url, typeof found === 'function' ? found(request) : found)
    },
    close: async () => undefined,
  }
  const connection = {
    url: cannedUrl,
    credential: cannedSecret(credential),
    structure: null,
    http,
    clock,
    logger: createSilentLogger(),
  }
  return { requests, clock, http, connection }
}

/** An answer as WordPress 7.1 gave it. */
export function recordedAnswer(name: keyof typeof recorded): CannedAnswer {
  const { status, headers, body } = recorded[name]
  return { status, headers: JSON.parse(placed(JSON.stringify(headers))), body: placed(body) }
}

/** The body of a recorded answer. */
export function recordedJson(name: keyof typeof recorded): unknown {
  return JSON.parse(placed(recorded[name].body))
}

/** A secret as the host hands it over. */
function cannedSecret(text: string): Secret {
  return { reveal: () => text, toString: () => '[secret]', toJSON: () => '[secret]' }
}

function placed(text: string): string {
  return text.replaceAll('{{site}}', cannedUrl)
}

function buildResponse(requested: string, answer: CannedAnswer): HttpResponse {
  const { status = 200, headers = {}, body = '', url = requested } = answer
  const text = typeof body === 'string' ? body : JSON.stringify(body)
  const bytes = body instanceof Uint8Array ? body : new TextEncoder().encode(text)
  return { status, headers: new Headers(headers), url, body: bytes, text: () => new TextDecoder().decode(bytes) }
}

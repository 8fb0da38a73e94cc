import { authenticate } from './authenticate.ts'
import { isObject, type Parameters } from './check-parameters.ts'
import { dispatch, noRoute, type RestRequest } from './dispatch.ts'
import type { FakeSite } from './fake-site.ts'
import type { FindRoute } from './find-route.ts'
import { publishDue } from './publish-due.ts'
import { readQuery } from './read-query.ts'
import { answer, type RestAnswer } from './rest-answer.ts'
import { runBatch } from './run-batch.ts'
import type { UserRow } from './site-state.ts'
import { answerPage, answerTooLong, apiRootOf } from './web-pages.ts'

/** A request as it reaches the site. Names of headers are in small letters. */
export interface SiteRequest {
  readonly method: string
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

export interface SiteResponse {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

const nothing = new Uint8Array()

/** Answers one request, from its bytes to the bytes of the answer. */
export function handleRequest(site: FakeSite, findRoute: FindRoute, request: SiteRequest): SiteResponse {
  publishDue(site)
  const address = readAddress(request.url)
  const requestLine = request.method.length + address.length + ' HTTP/1.1\r\n'.length + 1
  const date = site.time.now().toUTCString()
  if (requestLine > site.configuration.longestRequestLine) return withHeaders(answerTooLong(), { date })
  const base = basePath(site.state.settings.url)
  const path = address.pathname.startsWith(base) ? address.pathname.slice(base.length) : address.pathname
  const restPath = findRestPath(site, path, address.restRoute)
  if (restPath === null) return withHeaders(answerPage(site, request, path), { date })
  const { query } = address
  const user = authenticate(site, request.headers.authorization)
  const result = answerRest(site, findRoute, { request, path: restPath, query, user })
  const headers = {
    date,
    'content-type': 'application/json; charset=UTF-8',
    link: `<${apiRootOf(site)}>; rel="https://api.w.org/"`,
    'x-content-type-options': 'nosniff',
    ...(user === null ? {} : { 'cache-control': 'no-cache, must-revalidate, max-age=0, no-store, private' }),
    ...result.headers,
  }
  const isHead = request.method === 'HEAD'
  return { status: result.status, headers, body: isHead ? nothing : encoder.encode(JSON.stringify(result.body)) }
}

const encoder = new TextEncoder()

/** What an address says, apart from its host. */
interface Address {
  readonly pathname: string
  /** Of its path and its query. */
  readonly length: number
  readonly restRoute: string | null
  /** Without `rest_route`. */
  readonly query: Readonly<Parameters>
}

/** Most are asked for again and again. */
const addresses = new Map<string, Address>()
const mostAddresses = 2_000

function readAddress(url: string): Address {
  const known = addresses.get(url)
  if (known !== undefined) return known
  const { pathname, search, searchParams } = new URL(url)
  const { rest_route: _named, ...query } = search === '' ? {} : readQuery(searchParams)
  const length = pathname.length + search.length
  const address = { pathname, length, restRoute: searchParams.get('rest_route'), query: Object.freeze(query) }
  if (addresses.size >= mostAddresses) addresses.clear()
  addresses.set(url, address)
  return address
}

/** Of the site that was asked last: nearly every request is for the same one. */
let lastBase = { url: '', path: '' }

function basePath(url: string): string {
  if (lastBase.url !== url) lastBase = { url, path: new URL(url).pathname.replace(/\/$/, '') }
  return lastBase.path
}

/** The API lives under `/wp-json/` where permalinks are pretty, and under `?rest_route=` always. */
function findRestPath(site: FakeSite, path: string, named: string | null): string | null {
  if (named) return withoutEnd(named)
  if (site.state.settings.permalinks !== 'pretty') return null
  if (path === '/wp-json') return '/'
  return path.startsWith('/wp-json/') ? withoutEnd(path.slice('/wp-json'.length)) : null
}

function withoutEnd(path: string): string {
  return path.length > 1 ? path.replace(/\/+$/, '') : path
}

interface RestInput {
  readonly request: SiteRequest
  readonly path: string
  readonly query: Parameters
  readonly user: UserRow | null
}

function answerRest(site: FakeSite, findRoute: FindRoute, { request, path, query, user }: RestInput): RestAnswer {
  const override = typeof query._method === 'string' ? query._method : request.headers['x-http-method-override']
  const method = (override ?? request.method).toUpperCase()
  const { headers, body } = request
  const sent = readSent(request)
  const rest: RestRequest = { method, path, query, sent: sent ?? {}, isBroken: sent === null, user, headers, body }
  if (path === '/batch/v1') return method === 'POST' ? runBatch(site, findRoute, rest) : noRoute()
  if (method === 'OPTIONS') return answer({})
  return dispatch(site, findRoute, rest)
}

/** The parameters of a JSON or form body; `null` for JSON that is none. */
function readSent({ headers, body }: SiteRequest): Parameters | null {
  if (body.length === 0) return {}
  const type = headers['content-type'] ?? ''
  if (/^application\/(?:[\w!#$&^.+-]+\+)?json/i.test(type)) {
    try {
      const parsed: unknown = JSON.parse(Buffer.from(body).toString())
      return isObject(parsed) ? parsed : {}
    } catch {
      return null
    }
  }
  if (!type.startsWith('application/x-www-form-urlencoded')) return {}
  return readQuery(new URLSearchParams(Buffer.from(body).toString()))
}

function withHeaders(response: SiteResponse, more: Readonly<Record<string, string>>): SiteResponse {
  return { ...response, headers: { ...more, ...response.headers } }
}

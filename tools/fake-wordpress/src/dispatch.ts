import { isRefused, type Parameters, readParameters } from './check-parameters.ts'
import type { FakeSite } from './fake-site.ts'
import type { FindRoute } from './find-route.ts'
import { answerOf, type RestAnswer, refusal } from './rest-answer.ts'
import type { Endpoint, Route, RouteCall } from './route.ts'
import { filterFields, readFields } from './select-fields.ts'
import type { UserRow } from './site-state.ts'

/** A request of the REST API, parted into what its route reads. */
export interface RestRequest {
  readonly method: string
  /** Such as `/wp/v2/posts/7`. */
  readonly path: string
  readonly query: Parameters
  /** Of a JSON or form body; empty for a file. */
  readonly sent: Parameters
  /** The body says that it is JSON and is none. */
  readonly isBroken: boolean
  readonly user: UserRow | null
  readonly headers: Readonly<Record<string, string>>
  readonly body: Uint8Array
}

/** Answers a request whose route is known to take its method. */
export function dispatch(site: FakeSite, findRoute: FindRoute, request: RestRequest): RestAnswer {
  const route = findRoute(request.path)
  const endpoint = route === undefined ? undefined : endpointFor(route, request.method)
  if (route === undefined || endpoint === undefined) return noRoute()
  const prepared = prepare(site, route, endpoint, request)
  if (request.isBroken) return withAllow(invalidJson(), route, prepared.call)
  return 'refused' in prepared
    ? withAllow(prepared.refused, route, prepared.call)
    : runPrepared(prepared.call, route, endpoint)
}

export function invalidJson(): RestAnswer {
  const data = { json_error_code: 4, json_error_message: 'Syntax error' }
  return refusal(400, 'rest_invalid_json', 'Invalid JSON body passed.', data)
}

export function noRoute(): RestAnswer {
  return refusal(404, 'rest_no_route', 'No route was found matching the URL and request method.')
}

export function endpointFor(route: Route, method: string): Endpoint | undefined {
  switch (method) {
    case 'GET':
    case 'HEAD':
      return route.read
    case 'POST':
      return route.create ?? route.update
    case 'PUT':
    case 'PATCH':
      return route.update
    case 'DELETE':
      return route.remove
    default:
      return undefined
  }
}

export type Prepared = { readonly call: RouteCall } | { readonly call: RouteCall; readonly refused: RestAnswer }

/** Reads the parameters: those of a body before those of the address. */
export function prepare(site: FakeSite, route: Route, endpoint: Endpoint, request: RestRequest): Prepared {
  const sent: Parameters = { ...route.parameters, ...request.query, ...request.sent }
  const { user, headers, body } = request
  const read = readParameters(sent, endpoint.schema, user)
  const refused = isRefused(read)
  const call: RouteCall = {
    site,
    parameters: refused ? sent : read,
    fields: readFields(sent._fields),
    user,
    headers,
    body,
  }
  return refused ? { call, refused: read } : { call }
}

/** Asks for the permission, runs, and leaves out the fields that were not asked for. */
export function runPrepared(call: RouteCall, route: Route, endpoint: Endpoint): RestAnswer {
  const refused = endpoint.permission(call)
  if (refused !== null) return withAllow(refused, route, call)
  const result = attempt(() => endpoint.run(call))
  const body = result.status < 400 ? filterFields(result.body, call.fields) : result.body
  return withAllow({ ...result, body }, route, call)
}

function attempt(run: () => RestAnswer): RestAnswer {
  try {
    return run()
  } catch (error) {
    return answerOf(error)
  }
}

/** What else this user may do at the address, as it is now. */
export function withAllow(result: RestAnswer, route: Route, call: RouteCall): RestAnswer {
  const allowed: string[] = []
  if (route.read?.permission(call) === null) allowed.push('GET')
  if (route.create?.permission(call) === null) allowed.push('POST')
  if (route.update?.permission(call) === null) allowed.push('POST', 'PUT', 'PATCH')
  if (route.remove?.permission(call) === null) allowed.push('DELETE')
  if (allowed.length === 0) return result
  return { ...result, headers: { allow: allowed.join(', '), ...result.headers } }
}

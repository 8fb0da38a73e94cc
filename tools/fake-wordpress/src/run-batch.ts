import { type Arguments, isObject, isRefused, type Parameters, readParameters } from './check-parameters.ts'
import {
  endpointFor,
  invalidJson,
  noRoute,
  type Prepared,
  prepare,
  type RestRequest,
  runPrepared,
  withAllow,
} from './dispatch.ts'
import type { FakeSite } from './fake-site.ts'
import type { FindRoute } from './find-route.ts'
import { readQuery } from './read-query.ts'
import { answer, type RestAnswer, refusal } from './rest-answer.ts'
import type { Endpoint, Route } from './route.ts'
import { filterFields, readFields } from './select-fields.ts'

const schema: Arguments = {
  validation: { type: 'string', values: ['require-all-validate', 'normal'], fallback: 'normal', first: true },
  requests: {
    type: 'array',
    required: true,
    first: true,
    maximumItems: 25,
    items: {
      type: 'object',
      properties: {
        method: { type: 'string', values: ['POST', 'PUT', 'PATCH', 'DELETE'] },
        path: { type: 'string', required: true },
        body: { type: 'object' },
        headers: { type: 'object' },
      },
    },
  },
}

interface Matched {
  readonly route?: Route
  readonly endpoint?: Endpoint
  readonly prepared?: Prepared
  readonly refused?: RestAnswer
}

/** `/batch/v1`: many writes in one request, each with an answer of its own; the whole is 207 whatever became of them. */
export function runBatch(site: FakeSite, findRoute: FindRoute, request: RestRequest): RestAnswer {
  if (request.isBroken) return { ...invalidJson(), headers: { allow: 'POST' } }
  const sent = { ...request.query, ...request.sent }
  const read = readParameters(sent, schema, request.user)
  if (isRefused(read)) return { ...read, headers: { allow: 'POST' } }
  const matched = (read.requests as readonly Parameters[]).map((entry) => match(site, findRoute, request, entry))
  const fields = readFields(sent._fields)
  const refusedOf = ({ refused, prepared }: Matched) =>
    refused ?? (prepared !== undefined && 'refused' in prepared ? prepared.refused : undefined)
  if (read.validation === 'require-all-validate' && matched.some((entry) => refusedOf(entry) !== undefined)) {
    const responses = matched.map((entry) => {
      const refused = refusedOf(entry)
      return refused === undefined ? null : envelop(refused)
    })
    return answer(filterFields({ failed: 'validation', responses }, fields), { allow: 'POST' }, 207)
  }
  const responses = matched.map((entry) => envelop(runMatched(entry, refusedOf(entry))))
  return answer(filterFields({ responses }, fields), { allow: 'POST' }, 207)
}

function match(site: FakeSite, findRoute: FindRoute, request: RestRequest, entry: Parameters): Matched {
  const url = URL.parse(String(entry.path), 'http://batch.invalid')
  const method = typeof entry.method === 'string' ? entry.method : 'POST'
  const route = url === null ? undefined : findRoute(url.pathname)
  const endpoint = route === undefined ? undefined : endpointFor(route, method)
  if (url === null || route === undefined || endpoint === undefined) return { refused: noRoute() }
  const prepared = prepare(site, route, endpoint, {
    ...request,
    method,
    path: url.pathname,
    query: readQuery(url.searchParams),
    sent: isObject(entry.body) ? entry.body : {},
    headers: {},
    body: new Uint8Array(),
  })
  const refused = refusal(400, 'rest_batch_not_allowed', 'The requested route does not support batch requests.')
  return { route, endpoint, prepared, ...(route.takesBatch ? {} : { refused }) }
}

function runMatched({ route, endpoint, prepared }: Matched, refused: RestAnswer | undefined): RestAnswer {
  if (route === undefined || endpoint === undefined || prepared === undefined) return refused ?? noRoute()
  return refused === undefined ? runPrepared(prepared.call, route, endpoint) : withAllow(refused, route, prepared.call)
}

function envelop(result: RestAnswer): Record<string, unknown> {
  const headers = Object.entries(result.headers).map(([name, value]) => [capitalise(name), value] as const)
  return {
    body: result.body,
    status: result.status,
    headers: headers.length === 0 ? [] : Object.fromEntries(headers),
  }
}

function capitalise(name: string): string {
  return name.replaceAll(/(^|-)([a-z])/g, (_, dash: string, letter: string) => `${dash}${letter.toUpperCase()}`)
}

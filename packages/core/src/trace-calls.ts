import { isIgny8Error, type Primitive } from './errors/igny8-error.ts'
import type { HttpClient } from './ports/http-client.ts'
import type { Tracer, TraceSpan } from './ports/tracer.ts'

const errorStatus = 2

/**
 * Runs `work` in a span that ends with it, or with its promise. An error is named by its code alone, as messages of others may quote what they were given.
 */
export function inSpan<Result>(
  tracer: Tracer | undefined,
  name: string,
  attributes: Readonly<Record<string, Exclude<Primitive, null>>>,
  work: (span?: TraceSpan) => Result,
): Result {
  if (tracer === undefined) return work()
  return tracer.startActiveSpan(name, (span) => {
    for (const [key, value] of Object.entries(attributes)) span.setAttribute(key, value)
    try {
      const result = work(span)
      if (!(result instanceof Promise)) {
        span.end()
        return result
      }
      const ended = result.then(
        (value: unknown) => {
          span.end()
          return value
        },
        (error: unknown) => {
          endFailed(span, error)
          throw error
        },
      )
      return ended as Result
    } catch (error) {
      endFailed(span, error)
      throw error
    }
  })
}

function endFailed(span: TraceSpan, error: unknown): void {
  const code = isIgny8Error(error) ? error.code : error instanceof Error ? error.name : 'unknown'
  span.setAttribute('error.type', code)
  span.setStatus({ code: errorStatus, message: code })
  span.end()
}

/** The same API with a span around every operation, named by its path, such as `igny8.content.publish`. */
export function traceApi<Api extends object>(
  tracer: Tracer | undefined,
  name: string,
  accountId: string,
  api: Api,
): Api {
  if (tracer === undefined) return api
  const traced = Object.entries(api).map(([member, value]: [string, unknown]) => {
    const path = `${name}.${member}`
    if (typeof value === 'object' && value !== null) return [member, traceApi(tracer, path, accountId, value)]
    if (typeof value !== 'function') return [member, value]
    const operation = (...input: unknown[]): unknown =>
      inSpan(tracer, path, { 'igny8.account_id': accountId }, () => value(...input) as unknown)
    return [member, operation]
  })
  return Object.fromEntries(traced) as Api
}

/** The same client with a span around every request, named as the semantic conventions of OpenTelemetry for HTTP say. */
export function traceHttp(tracer: Tracer | undefined, http: HttpClient): HttpClient {
  if (tracer === undefined) return http
  return {
    ...http,
    request: (request) => {
      const { hostname, port, pathname } = new URL(request.url)
      const method = request.method ?? 'GET'
      const where = { 'http.request.method': method, 'server.address': hostname, 'url.path': pathname }
      return inSpan(
        tracer,
        `HTTP ${method}`,
        port === '' ? where : { ...where, 'server.port': Number(port) },
        async (span) => {
          const response = await http.request(request)
          span?.setAttribute('http.response.status_code', response.status)
          return response
        },
      )
    },
  }
}

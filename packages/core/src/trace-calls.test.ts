import { describe, expect, it } from 'vitest'
import { Igny8Error } from './errors/igny8-error.ts'
import type { Tracer } from './ports/tracer.ts'
import { inSpan, traceApi, traceHttp } from './trace-calls.ts'

interface SeenSpan {
  readonly name: string
  readonly attributes: Record<string, unknown>
  status: unknown
  ended: number
}

function createTracer(): { readonly tracer: Tracer; readonly spans: SeenSpan[] } {
  const spans: SeenSpan[] = []
  const tracer: Tracer = {
    startActiveSpan(name, work) {
      const seen: SeenSpan = { name, attributes: {}, status: undefined, ended: 0 }
      spans.push(seen)
      return work({
        setAttribute: (key, value) => {
          seen.attributes[key] = value
        },
        setStatus: (status) => {
          seen.status = status
        },
        end: () => {
          seen.ended++
        },
      })
    },
  }
  return { tracer, spans }
}

describe('a span', () => {
  it('ends once, when the promise does', async () => {
    const { tracer, spans } = createTracer()
    let finish = (_value: number): void => undefined
    const work = inSpan(
      tracer,
      'work',
      { a: 1 },
      () =>
        new Promise<number>((resolve) => {
          finish = resolve
        }),
    )
    expect(spans).toMatchObject([{ name: 'work', attributes: { a: 1 }, ended: 0 }])
    finish(3)
    expect(await work).toBe(3)
    expect(spans).toMatchObject([{ ended: 1, status: undefined }])
  })

  it.each([
    ['an error of ours', new Igny8Error({ code: 'AUTH_FAILED', message: 'hunter2' }), 'AUTH_FAILED'],
    ['an error of others', new TypeError('hunter2'), 'TypeError'],
    ['no error at all', 'hunter2', 'unknown'],
  ])('tells of %s by its code alone', async (_what, thrown, code) => {
    const { tracer, spans } = createTracer()
    await expect(inSpan(tracer, 'work', {}, () => Promise.reject(thrown))).rejects.toBe(thrown)
    const synchronous = () =>
      inSpan(tracer, 'work', {}, () => {
        throw thrown
      })
    expect(synchronous).toThrow()
    for (const span of spans)
      expect(span).toMatchObject({ ended: 1, status: { code: 2, message: code }, attributes: { 'error.type': code } })
    expect(JSON.stringify(spans)).not.toContain('hunter2')
  })
})

describe('a traced API', () => {
  const api = {
    accountId: 'acct',
    content: { create: async (input: { readonly title: string }) => input.title.length },
    stream: () => [1, 2][Symbol.iterator](),
  }

  it('answers as before, with a span for each operation and nothing of what was passed', async () => {
    const { tracer, spans } = createTracer()
    const traced = traceApi(tracer, 'igny8', 'acct', api)
    expect(await traced.content.create({ title: 'secret text' })).toBe(11)
    expect([...traced.stream()]).toEqual([1, 2])
    expect(traced.accountId).toBe('acct')
    expect(spans.map(({ name, ended }) => [name, ended])).toEqual([
      ['igny8.content.create', 1],
      ['igny8.stream', 1],
    ])
    expect(JSON.stringify(spans)).not.toContain('secret text')
  })

  it('is the very same without a tracer', () => {
    expect(traceApi(undefined, 'igny8', 'acct', api)).toBe(api)
  })
})

describe('a traced request', () => {
  it('names method, host, path and status, and no query', async () => {
    const { tracer, spans } = createTracer()
    const response = { status: 207, headers: new Headers(), url: '', body: new Uint8Array(), text: () => '' }
    const http = traceHttp(tracer, { request: async () => response, close: async () => undefined })
    await http.request({ method: 'POST', url: 'http://site.example:8080/wp-json/batch/v1?key=hunter2' })
    expect(spans).toMatchObject([
      {
        name: 'HTTP POST',
        ended: 1,
        attributes: {
          'http.request.method': 'POST',
          'server.address': 'site.example',
          'server.port': 8080,
          'url.path': '/wp-json/batch/v1',
          'http.response.status_code': 207,
        },
      },
    ])
    expect(JSON.stringify(spans)).not.toContain('hunter2')
  })
})

import { describe, expect, it } from 'vitest'
import type { HttpRequest } from '../ports/http-client.ts'
import { createSecret } from '../security/create-secret.ts'
import { followRedirects } from './follow-redirects.ts'
import { createOutboundPolicy } from './outbound-policy.ts'

const policy = createOutboundPolicy({ allow: [], lookup: async () => [] })

/** Answers each request in turn; everything after is a 200. */
function createWorld(...answers: readonly (readonly [number, string?])[]) {
  const sent: [string, boolean][] = []
  const passed: string[] = []
  const left = [...answers]
  const transport = {
    async send(url: URL, _request: HttpRequest, withCredentials: boolean) {
      sent.push([url.href, withCredentials])
      const [status, location] = left.shift() ?? [200]
      const headers = new Headers(location === undefined ? {} : { location })
      return { status, headers, url: url.href, body: new Uint8Array(), text: () => '' }
    },
    close: async () => undefined,
  }
  const pass = async (host: string) => void passed.push(host)
  const follow = (request: Partial<HttpRequest> = {}) =>
    followRedirects(
      { policy, transport, pass },
      { method: 'GET', url: 'https://a.example/start', redirects: 'follow', ...request },
    )
  return { sent, passed, follow }
}

const authorization = { scheme: 'Bearer', secret: createSecret('hunter2') } as const

describe('followRedirects', () => {
  it.each([301, 302, 303, 307, 308])(
    'follows a %i, relative or not, and waits at each host until it may be asked',
    async (status) => {
      const { sent, passed, follow } = createWorld([status, '../next?a=1#b'], [status, 'https://b.example/end'])
      expect((await follow()).url).toBe('https://b.example/end')
      expect(sent.map(([url]) => url)).toEqual([
        'https://a.example/start',
        'https://a.example/next?a=1#b',
        'https://b.example/end',
      ])
      expect(passed).toEqual(['a.example', 'a.example', 'b.example'])
    },
  )

  it.each([
    [200, '/next'],
    [304, '/next'],
    [302, undefined],
    [404, '/next'],
  ] as const)('takes a %i with location %s for the answer', async (status, location) => {
    const { sent, follow } = createWorld(location === undefined ? [status] : [status, location])
    expect([(await follow()).status, sent.length]).toEqual([status, 1])
  })

  it('sends credentials to the first origin only, also where a redirect comes back to it', async () => {
    const { sent, follow } = createWorld([302, '/same'], [302, 'https://b.example/'], [302, 'https://a.example/back'])
    await follow({ authorization })
    expect(sent.map(([, withCredentials]) => withCredentials)).toEqual([true, true, false, true])
  })

  it('takes secret headers for credentials', async () => {
    const { sent, follow } = createWorld([302, 'https://b.example/'])
    await follow({ secretHeaders: { 'x-api-key': createSecret('hunter2') } })
    expect(sent.map(([, withCredentials]) => withCredentials)).toEqual([true, false])
  })

  it('takes another scheme or port for another origin', async () => {
    const { sent, follow } = createWorld([302, 'http://a.example/'])
    await follow({ authorization })
    expect(sent).toEqual([
      ['https://a.example/start', true],
      ['http://a.example/', false],
    ])
  })

  it.each(['http://a.example:8080/', 'file:///etc/passwd', 'https://user:pass@b.example/', 'javascript:alert(1)'])(
    'checks each hop before it is asked: %s',
    async (location) => {
      const { sent, follow } = createWorld([302, location])
      await expect(follow()).rejects.toMatchObject({ code: 'OUTBOUND_REFUSED' })
      expect(sent).toHaveLength(1)
    },
  )

  it.each([
    [undefined, 3],
    [1, 1],
    [0, 0],
  ])('follows no more hops than %s', async (maxRedirects, hops) => {
    const { sent, follow } = createWorld(...Array.from({ length: 9 }, () => [302, '/again'] as const))
    await expect(follow(maxRedirects === undefined ? {} : { maxRedirects })).rejects.toMatchObject({
      code: 'REDIRECT_REFUSED',
    })
    expect(sent).toHaveLength(hops + 1)
  })

  it('refuses any unless it is asked to follow, and tells of the target its origin only', async () => {
    const { sent, follow } = createWorld([302, '/next'])
    await expect(follow({ redirects: 'refuse', maxRedirects: 5 })).rejects.toMatchObject({
      code: 'REDIRECT_REFUSED',
      details: { status: 302, target: 'https://a.example' },
    })
    expect(sent).toHaveLength(1)
  })

  it('refuses a target that is no address', async () => {
    await expect(createWorld([302, 'https://']).follow()).rejects.toMatchObject({
      code: 'REDIRECT_REFUSED',
      details: { target: 'nowhere' },
    })
  })

  it.each([
    ['POST', 301, false],
    ['POST', 302, false],
    ['POST', 303, false],
    ['DELETE', 302, false],
    ['POST', 307, true],
    ['PUT', 308, true],
    ['HEAD', 302, true],
  ] as const)('sends a %s again after a %i: %s', async (method, status, follows) => {
    const { sent, follow } = createWorld([status, '/next'])
    const outcome = await follow({ method }).catch((error: unknown) => error)
    expect(outcome).toMatchObject(follows ? { status: 200 } : { code: 'REDIRECT_REFUSED', effect: 'unknown' })
    expect(sent).toHaveLength(follows ? 2 : 1)
  })
})

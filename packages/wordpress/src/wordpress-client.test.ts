import { Igny8Error } from '@igny8/core/adapter-kit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { type CannedAnswer, cannedUrl, createCannedSite, recordedAnswer, recordedJson } from './canned-site.ts'
import { createWordPressRest, malformed, type RestCall } from './wordpress-client.ts'

const password = 'abcdEFGHijklMNOPqrstUVWX'
const route = 'wp/v2/posts/39'

/** One call of a site that gives one answer to it. */
function call(answer: CannedAnswer | Error, given: Partial<RestCall> = {}, root = `${cannedUrl}/wp-json/`) {
  const methods = ['GET', 'POST', 'HEAD'].map((method) => [`${method} /wp-json/${route}`, answer] as const)
  const { http, clock, connection, requests } = createCannedSite(Object.fromEntries(methods))
  const { credential } = connection
  const rest = createWordPressRest({ http, clock, credential, apiRoot: async () => root })
  return { answered: rest.call({ route, ...given }), requests, rest }
}

const notice = '<br />\n<b>Warning</b>:  Undefined array key [x] in <b>/site/x.php</b> on line <b>7</b><br />\n'
const post = recordedAnswer('post')
const latin1 = Uint8Array.from(Buffer.from('{"id":39,"title":{"raw":"Café"}}', 'latin1'))

describe('reading an answer', () => {
  it('gives the JSON that WordPress sent', async () => {
    expect((await call(post).answered).value).toEqual(recordedJson('post'))
  })

  it('leaves its turn to what else is ready before a page is mapped', async () => {
    const { http, clock, connection } = createCannedSite({ [`GET /wp-json/${route}`]: post })
    const apiRoot = async () => `${cannedUrl}/wp-json/`
    const turns: string[] = []
    const wait = async (ms: number) => void turns.push(`other work for ${ms} ms`)
    const rest = createWordPressRest({ http, clock: { ...clock, wait }, credential: connection.credential, apiRoot })
    await rest.call({ route }).then(() => turns.push('mapped'))
    expect(turns).toEqual(['other work for 0 ms', 'mapped'])
  })

  it('reads through PHP notices on either side', async () => {
    const noisy = { body: `${notice}${String(post.body)}${notice}` }
    expect((await call(noisy).answered).value).toEqual(recordedJson('post'))
  })

  it('decodes by the charset of the header what is not UTF-8', async () => {
    const headers = { 'content-type': 'application/json; charset=iso-8859-1' }
    expect((await call({ body: latin1, headers }).answered).value).toMatchObject({ title: { raw: 'Café' } })
  })

  it.each<[string, CannedAnswer]>([
    ['a page', { body: '<!DOCTYPE html><script>\n[]\n</script>' }],
    ['a login page', { body: '<html><input type="password"></html>' }],
    ['JSON cut off', { body: '{"id":39,"title":{"raw":"Ca' }],
    ['nothing', { body: '' }],
    ['a notice alone', { body: notice }],
    ['two documents', { body: '[]\n[]' }],
    ['a broken encoding', { body: latin1 }],
    ['a broken encoding, declared as another', { body: latin1, headers: { 'content-type': 'a/b; charset=utf-8' } }],
  ])('refuses %s with 200: a read changed nothing, of a write nobody knows', async (_what, answer) => {
    await expect(call(answer).answered).rejects.toMatchObject({
      code: 'REMOTE_MALFORMED',
      effect: 'none',
      retryable: true,
    })
    await expect(call(answer, { kind: 'write', json: {} }).answered).rejects.toMatchObject({
      code: 'REMOTE_MALFORMED',
      effect: 'unknown',
    })
  })

  it('names a broken encoding', async () => {
    await expect(call({ body: latin1 }).answered).rejects.toMatchObject({
      message: expect.stringContaining('encoding'),
      hint: expect.stringContaining('character set'),
    })
  })

  it('hands on what the HTTP client refuses, such as redirects without end', async () => {
    const refused = new Igny8Error({ code: 'REDIRECT_REFUSED', message: 'x', effect: 'unknown' })
    await expect(call(refused, { kind: 'write', json: {} }).answered).rejects.toBe(refused)
  })

  it.each([301, 302, 304, 307])('refuses %i without an address', async (status) => {
    await expect(call({ status }).answered).rejects.toMatchObject({ code: 'REMOTE_REJECTED', effect: 'none' })
  })

  it('is typed whatever bytes come with whatever status', async () => {
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 200, max: 599 }), fc.uint8Array(), async (status, body) => {
        const outcome = await call({ status, body }).answered.catch((error: unknown) => error)
        const isFine = status < 300 && outcome instanceof Object && 'value' in outcome
        expect(isFine || outcome instanceof Igny8Error).toBe(true)
      }),
    )
  })

  it.each([
    ['35', 35],
    ['0', 0],
    ['', null],
    ['-1', null],
    ['1e3', null],
    ['35, 35', null],
    ['many', null],
    ['9'.repeat(30), null],
  ])('reads the total "%s" as %s', async (total, expected) => {
    expect((await call({ ...post, headers: { 'x-wp-total': total } }).answered).total).toBe(expected)
  })

  it('reads the server’s clock, else ours', async () => {
    const timeOf = async (date: string) =>
      (await call({ ...post, headers: { date } }).answered).serverTime.toISOString()
    expect(await timeOf('Tue, 24 Nov 2026 05:00:00 GMT')).toBe('2026-11-24T05:00:00.000Z')
    expect(await timeOf('soon')).toBe('2026-11-24T04:00:00.000Z')
  })
})

describe('sending a call', () => {
  it('signs every request, and repeats no write', async () => {
    const kinds = ['read', 'count', 'write'] as const
    const sent = kinds.map((kind) => call(post, { kind }).requests)
    await Promise.resolve()
    await Promise.resolve()
    expect(sent.flat().map(({ method, safe, authorization }) => [method, safe, authorization?.scheme])).toEqual([
      ['GET', true, 'Basic'],
      ['HEAD', true, 'Basic'],
      ['POST', false, 'Basic'],
    ])
    expect(sent.flat().map(({ redirects }) => redirects)).toEqual([undefined, undefined, undefined])
  })

  it('sends a long read in a body that WordPress takes for a GET', async () => {
    const { answered, requests } = call(post, { json: { exclude: [1, 2] } })
    await answered
    expect(requests).toMatchObject([{ method: 'POST', body: '{"exclude":[1,2]}', safe: true }])
    expect(new URL(requests[0]?.url ?? '').searchParams.get('_method')).toBe('GET')
  })

  it('needs no body to count', async () => {
    const answered = call({ status: 200, headers: { 'x-wp-total': '7' } }, { kind: 'count' }).answered
    expect(await answered).toMatchObject({ total: 7 })
    await expect(call({ status: 404 }, { kind: 'count' }).answered).rejects.toMatchObject({ code: 'REMOTE_FAILED' })
  })
})

describe('secrets in errors', () => {
  const basic = Buffer.from(`editor:${password}`).toString('base64')

  it.each([
    ['its message', { code: 'rest_odd', message: `Bad header: Basic ${basic}, ${password}` }],
    ['its code', { code: password, message: '' }],
    ['the name of a parameter', { code: 'rest_invalid_param', message: '', data: { params: { [password]: 'no' } } }],
    ['a message that is cut in the middle of it', { code: 'x', message: `${'x'.repeat(285)}${password}` }],
  ])('are hidden where the site repeats them in %s', async (_where, body) => {
    const { answered, rest } = call({ status: 400, body })
    const errors = [await answered.catch((error: unknown) => error), rest.explain({ status: 400, body, route })]
    for (const error of errors) {
      expect(error).toBeInstanceOf(Igny8Error)
      const shown = `${String(error)}${JSON.stringify(error)}`
      for (const part of [password.slice(0, 8), basic.slice(0, 12)]) expect(shown).not.toContain(part)
    }
  })

  it('carries the upload that WordPress kept, for going on with it', async () => {
    const headers = { 'x-wp-upload-attachment-id': '41' }
    await expect(call({ status: 500, headers }, { kind: 'write' }).answered).rejects.toMatchObject({
      details: { attachmentId: '41' },
      effect: 'unknown',
    })
  })
})

describe('malformed', () => {
  it('says of a write that nobody knows what it did', () => {
    expect(malformed(route, 'no list', true)).toMatchObject({ code: 'REMOTE_MALFORMED', effect: 'unknown' })
    expect(malformed(route, 'no list')).toMatchObject({ code: 'REMOTE_MALFORMED', effect: 'none' })
  })
})

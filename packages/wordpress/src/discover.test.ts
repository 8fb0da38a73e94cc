import { Igny8Error } from '@igny8/core/adapter-kit'
import { describe, expect, it } from 'vitest'
import { type CannedAnswer, cannedUrl, createCannedSite, recordedAnswer } from './canned-site.ts'
import { discoverSite } from './discover.ts'

const nothing: CannedAnswer = { status: 404, body: '<html>Nothing here</html>' }
const blank: CannedAnswer = { body: '<html></html>' }
const login = '<html><form><input type="password"></form></html>'

type Answers = NonNullable<Parameters<typeof createCannedSite>[0]>

/** Discovery of a site that answers as given. */
function discover(answers: Answers = {}, url = cannedUrl) {
  const site = createCannedSite(answers)
  const { http, clock, requests } = site
  const found = discoverSite({ http, clock, url, credential: site.connection.credential, signal: undefined })
  return { found, requests }
}

/** A home page with a `Link` header, and a REST API at `path` alone. */
function linkTo(link: string, path = '/api/'): Answers {
  return { 'GET /wp-json/': nothing, 'GET /': { ...blank, headers: { link } }, [`GET ${path}`]: recordedAnswer('root') }
}

describe('finding the root', () => {
  it('looks under /wp-json/ first, without the credential', async () => {
    const { found, requests } = discover()
    expect(await found).toMatchObject({ apiRoot: `${cannedUrl}/wp-json/`, plainPermalinks: false, clockSkewMs: 0 })
    expect(requests.map(({ authorization }) => authorization)).toEqual([undefined])
  })

  it.each([
    ['alone', `<${cannedUrl}/api/>; rel="https://api.w.org/"`],
    ['without quotes', `<${cannedUrl}/api/>; rel=https://api.w.org/`],
    ['after others', `<${cannedUrl}/?p=1>; rel=shortlink, <${cannedUrl}/api/>; title="a, b"; rel="https://api.w.org/"`],
    ['before others', `<${cannedUrl}/api/>;rel="https://api.w.org/",<https://cdn.example/a,b;c>; rel=preload`],
  ])('follows the link of the home page, %s', async (_where, link) => {
    expect(await discover(linkTo(link)).found).toMatchObject({ apiRoot: `${cannedUrl}/api/` })
  })

  it('takes an address with commas and semicolons whole', async () => {
    const answers = linkTo(`<${cannedUrl}/a,b;c/>; rel="https://api.w.org/"`, '/a,b;c/')
    expect(await discover(answers).found).toMatchObject({ apiRoot: `${cannedUrl}/a,b;c/` })
  })

  it.each([
    ['no link', ''],
    ['a link of another kind', `<${cannedUrl}/api/>; rel="alternate"`],
    ['a kind that only begins like ours', `<${cannedUrl}/api/>; rel="https://api.w.org/2"`],
    ['no address', '<api>; rel="https://api.w.org/"'],
    ['a link that does not close', `<${cannedUrl}/api/; rel="https://api.w.org/"`],
    ['an address of somebody else', '<https://evil.example/api/>; rel="https://api.w.org/"'],
  ])('asks ?rest_route= where the home page has %s', async (_what, link) => {
    const answers = linkTo(link)
    const { found, requests } = discover({
      ...answers,
      'GET /': (request) =>
        request.url.includes('rest_route') ? recordedAnswer('root') : { ...blank, headers: { link } },
    })
    expect(await found).toMatchObject({ apiRoot: `${cannedUrl}/?rest_route=/`, plainPermalinks: true })
    expect(requests.filter(({ url }) => !url.startsWith(`${cannedUrl}/`))).toEqual([])
  })

  it('measures how far the site’s clock is ahead', async () => {
    const headers = { date: 'Tue, 24 Nov 2026 04:01:40 GMT' }
    expect(await discover({ 'GET /wp-json/': { ...recordedAnswer('root'), headers } }).found).toMatchObject({
      clockSkewMs: 100_000,
    })
  })

  it('shows the credential to a closed API on the site itself, after asking without', async () => {
    const { found, requests } = discover({
      'GET /wp-json/': ({ authorization }) =>
        authorization === undefined
          ? { status: 401, body: { code: 'rest_closed', message: '' } }
          : recordedAnswer('root'),
    })
    expect(await found).toMatchObject({ apiRoot: `${cannedUrl}/wp-json/` })
    expect(requests.map(({ authorization }) => authorization !== undefined)).toEqual([false, true])
  })
})

describe('why there is no root', () => {
  it.each<[string, Answers, string, RegExp]>([
    ['nothing of WordPress', { 'GET /wp-json/': nothing, 'GET /': blank }, 'NOT_WORDPRESS', /not as WordPress/],
    ['an API that is hidden', { 'GET /wp-json/': nothing }, 'REST_BLOCKED', /switched off or hidden \(404\)/],
    ['a firewall', { 'GET /wp-json/': { status: 403, body: login } }, 'REST_BLOCKED', /firewall .*\(403\)/],
    ['a login page', { 'GET /wp-json/': { body: login }, 'GET /': blank }, 'REST_BLOCKED', /login page/],
    [
      'a missing page with a form for logging in',
      { 'GET /wp-json/': { status: 404, body: login } },
      'REST_BLOCKED',
      /hidden/,
    ],
    [
      'a password of the web server',
      { 'GET /wp-json/': { status: 401, body: 'No' } },
      'REST_BLOCKED',
      /its own \(401\)|password/,
    ],
    ['a broken site', { 'GET /wp-json/': { status: 500, body: 'No' } }, 'REMOTE_FAILED', /500/],
    [
      'a root without our namespace',
      { 'GET /wp-json/': { body: { namespaces: ['x/v1'] } }, 'GET /': blank },
      'NOT_WORDPRESS',
      /not as/,
    ],
    [
      'a root cut off',
      { 'GET /wp-json/': { body: '{"namespaces":["wp/v2"' }, 'GET /': blank },
      'NOT_WORDPRESS',
      /not as/,
    ],
  ])('is named: %s', async (_what, answers, code, message) => {
    const { found } = discover(answers)
    await expect(found).rejects.toMatchObject({ code, message: expect.stringMatching(message) })
    await expect(found).rejects.toHaveProperty('hint', expect.stringMatching(/\w/))
  })

  it('is the encoding, where the answer is JSON in a broken one', async () => {
    const latin1 = Uint8Array.from(Buffer.from('{"name":"Café","namespaces":["wp/v2"]}', 'latin1'))
    const { found } = discover({ 'GET /wp-json/': { body: latin1 }, 'GET /': blank })
    await expect(found).rejects.toMatchObject({
      code: 'REMOTE_MALFORMED',
      message: expect.stringContaining('encoding'),
    })
  })

  it('is that something else answers, where a foreign page has a broken encoding', async () => {
    const page: CannedAnswer = { body: Uint8Array.from(Buffer.from('<html>Café</html>', 'latin1')) }
    await expect(discover({ 'GET /wp-json/': page, 'GET /': page }).found).rejects.toMatchObject({
      code: 'NOT_WORDPRESS',
    })
  })

  it.each([
    ['maintenance', 503, '<html>Briefly unavailable for scheduled maintenance.</html>', 'REST_BLOCKED'],
    ['a site that asks to slow down', 429, '', 'REST_BLOCKED'],
  ])('is %s, after which nothing more is asked', async (_what, status, body, code) => {
    const { found, requests } = discover({ 'GET /wp-json/': { status, body, headers: { 'retry-after': '600' } } })
    await expect(found).rejects.toMatchObject({ code, retryable: true })
    expect(requests).toHaveLength(1)
  })

  it('is the address that the site moved to', async () => {
    const moved = { ...recordedAnswer('root'), url: 'https://www.site.example/blog/wp-json/?x=1' }
    await expect(discover({ 'GET /wp-json/': moved }).found).rejects.toMatchObject({
      code: 'REDIRECTED',
      details: { target: 'https://www.site.example/blog' },
    })
  })

  it('is the login page that visitors are sent to', async () => {
    const sent = { ...blank, url: `${cannedUrl}/wp-login.php?redirect_to=x` }
    await expect(discover({ 'GET /wp-json/': sent }).found).rejects.toMatchObject({ code: 'REST_BLOCKED' })
  })

  it.each([
    ['in circles', `${cannedUrl}/wp-json/`, 'REST_BLOCKED', `${cannedUrl}/wp-json/`],
    ['to another host', 'https://elsewhere.example', 'REDIRECTED', 'https://elsewhere.example'],
    ['nowhere', 'nowhere', 'REDIRECTED', 'nowhere'],
  ])('is that the site sends requests %s', async (_where, target, code, named) => {
    const refused = new Igny8Error({ code: 'REDIRECT_REFUSED', message: 'x', details: { status: 302, target } })
    await expect(discover({ 'GET /wp-json/': refused }).found).rejects.toMatchObject({
      code,
      message: expect.stringContaining(named),
      cause: refused,
    })
  })

  it.each(['HOST_NOT_FOUND', 'CONNECTION_FAILED', 'TLS_FAILED', 'TIMEOUT'])('is %s, with the host', async (code) => {
    const error = new Igny8Error({ code, message: 'x', retryable: true })
    await expect(discover({ 'GET /wp-json/': error }).found).rejects.toMatchObject({
      code,
      retryable: true,
      message: expect.stringContaining('site.example'),
    })
  })

  it('repeats no credential that the site repeats', async () => {
    const body = { code: 'abcdEFGHijklMNOPqrstUVWX', message: 'abcdEFGHijklMNOPqrstUVWX' }
    const { found } = discover({ 'GET /wp-json/': { status: 403, body } })
    const error: unknown = await found.catch((thrown: unknown) => thrown)
    expect(error).toMatchObject({ code: 'REST_BLOCKED' })
    expect(`${String(error)}${JSON.stringify(error)}`).not.toContain('abcdEFGH')
  })
})

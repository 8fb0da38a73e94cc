import { expect, it } from 'vitest'
import { createTestSite } from './test-site.ts'

const me = 'wp/v2/users/me?context=edit&_fields=id,username'

it('! takes a wrong password, the account’s own one and none for a visitor, and answers him with 200', () => {
  const { ask, site } = createTestSite()
  for (const password of ['abcd efgh ijkl mnop qrst uvwx', site.users.admin?.password ?? '']) {
    expect(ask('wp/v2/posts?_fields=id', { password }).status).toBe(200)
    expect(ask(me, { password })).toMatchObject({ status: 401, body: { code: 'rest_not_logged_in' } })
  }
  expect(ask('wp/v2/posts?_fields=id', { user: null }).status).toBe(200)
  expect(ask(me, { user: null })).toMatchObject({ status: 401, body: { code: 'rest_not_logged_in' } })
})

it('takes the application password with its spaces, without them, and an e-mail address as login', () => {
  const { ask, site } = createTestSite()
  const spaced = site.users.editor?.applicationPassword ?? ''
  for (const password of [spaced, spaced.replaceAll(' ', '')]) {
    expect(ask(me, { user: 'editor', password }).body).toMatchObject({ username: 'editor' })
  }
  expect(ask(me, { user: 'editor@example.org', password: spaced }).body).toMatchObject({ username: 'editor' })
})

it('ignores every password where application passwords are switched off, and says so in its root', () => {
  const { ask } = createTestSite({ configuration: { applicationPasswords: false } })
  expect(ask('?_fields=authentication').body).toEqual({ authentication: [] })
  expect(ask(me).status).toBe(401)
})

it('tells its zone, its time and where its API is', () => {
  const { ask, site } = createTestSite({ timezone: 'Asia/Kolkata' })
  const root = ask('?_fields=gmt_offset,timezone_string,namespaces')
  expect(root.body).toMatchObject({ gmt_offset: 5.5, timezone_string: 'Asia/Kolkata' })
  expect(root.headers.date).toBe('Tue, 24 Nov 2026 12:00:00 GMT')
  const home = site.handle({ method: 'GET', url: `${site.url}/`, headers: {}, body: new Uint8Array() })
  expect(home.headers.link).toBe('<https://site.example/wp-json/>; rel="https://api.w.org/"')
})

it('answers under ?rest_route= always; without permalinks /wp-json/ is the home page', () => {
  const { site } = createTestSite({ permalinks: 'plain' })
  const kind = (path: string) => {
    const { status, headers } = site.handle({
      method: 'GET',
      url: `${site.url}${path}`,
      headers: {},
      body: new Uint8Array(),
    })
    return `${status} ${headers['content-type']?.split(';')[0]}`
  }
  expect(kind('/wp-json/wp/v2/posts')).toBe('200 text/html')
  expect(kind('/?rest_route=/wp/v2/posts')).toBe('200 application/json')
  site.people.changeSettings({ permalinks: 'pretty' })
  expect(kind('/wp-json/wp/v2/posts')).toBe('200 application/json')
  expect(kind('/?rest_route=/wp/v2/posts')).toBe('200 application/json')
  expect(kind('/no-such-page/')).toBe('404 text/html')
})

it('lets XML-RPC tell a good password from a bad one', () => {
  const { site } = createTestSite()
  const ask = (password: string) => {
    const strings = ['admin', password].map((text) => `<param><value><string>${text}</string></value></param>`)
    const body = Buffer.from(
      `<methodCall><methodName>wp.getUsersBlogs</methodName><params>${strings.join('')}</params></methodCall>`,
    )
    const answer = site.handle({ method: 'POST', url: `${site.url}/xmlrpc.php`, headers: {}, body })
    return Buffer.from(answer.body).toString()
  }
  expect(ask(site.users.admin?.password ?? '')).toContain('<params>')
  expect(ask('wrong')).toContain('<int>403</int>')
})

it('refuses a request line that the web server’s buffer does not hold', () => {
  const { ask } = createTestSite()
  const exclude = (count: number) => Array.from({ length: count }, (_, index) => 100_000 + index).join(',')
  expect(ask(`wp/v2/posts?_fields=id&exclude=${exclude(1100)}`).status).toBe(200)
  expect(ask(`wp/v2/posts?_fields=id&exclude=${exclude(3000)}`).status).toBe(414)
  const body = { exclude: exclude(5000) }
  expect(ask('wp/v2/posts?_method=GET&_fields=id', { body }).ids).toEqual([1])
})

it('shows a clone and a restored backup the same rows', () => {
  const { site, ask } = createTestSite()
  const backup = site.snapshot()
  const { id } = site.people.create({ title: 'After the backup', status: 'publish' })
  const staging = site.clone({ url: 'https://staging.example' })
  site.restore(backup)
  expect(ask(`wp/v2/posts/${id}`).status).toBe(404)
  const url = `${staging.url}/wp-json/wp/v2/posts/${id}?_fields=link`
  const answer = staging.handle({ method: 'GET', url, headers: {}, body: new Uint8Array() })
  expect(JSON.parse(Buffer.from(answer.body).toString())).toEqual({
    link: `https://staging.example/?p=${id}`.replace(`?p=${id}`, 'after-the-backup/'),
  })
  expect(site.people.create({ title: 'Again' }).id).toBe(id)
})

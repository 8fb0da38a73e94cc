import { existsSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { isPortFree } from './free-port.ts'
import { type RunningWordPress, type SiteSnapshot, startWordPress } from './start-wordpress.ts'

const isRequired = process.env.IGNY8_REQUIRE_SERVICES === '1'
if (!isRequired) console.warn('Skipped: starts real WordPresses, which IGNY8_REQUIRE_SERVICES=1 asks for.')

// npm run test:wordpress names one combination; without, each is tried.
const { IGNY8_WORDPRESS_VERSION: onlyVersion, IGNY8_WORDPRESS_DATABASE: onlyDatabase } = process.env
const combinations = (['6.1', '6.8', '7.1'] as const)
  .flatMap((version) => (['sqlite', 'mariadb'] as const).map((database) => ({ version, database })))
  .filter(({ version }) => onlyVersion === undefined || version === onlyVersion)
  .filter(({ database }) => onlyDatabase === undefined || database === onlyDatabase)

/** The living processes that mention a site's directory, or are in the group of one that does. */
async function findProcesses(directory: string): Promise<string[]> {
  const found: string[] = []
  for (const entry of (await readdir('/proc')).filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)) {
    const commandLine = await readFile(`/proc/${entry}/cmdline`, 'utf8').catch(() => '')
    const workingDirectory = await readFile(`/proc/${entry}/environ`, 'utf8').catch(() => '')
    if (`${commandLine}${workingDirectory}`.includes(directory)) found.push(`${entry} ${commandLine}`)
  }
  return found
}

describe.skipIf(!isRequired).each(combinations)('WordPress $version on $database', ({ version, database }) => {
  let wordpress: RunningWordPress
  let site: SiteSnapshot

  const request = (path: string, user: keyof RunningWordPress['users'] | undefined, options: RequestInit = {}) => {
    const headers = new Headers(options.headers)
    if (user !== undefined) {
      const { username, applicationPassword } = wordpress.users[user]
      headers.set('authorization', `Basic ${btoa(`${username}:${applicationPassword}`)}`)
    }
    if (typeof options.body === 'string') headers.set('content-type', 'application/json')
    return fetch(`${wordpress.url}/wp-json${path}`, { ...options, headers })
  }

  beforeAll(async () => {
    wordpress = await startWordPress({ version, database, seed: { posts: 120, pages: 9, books: 6, products: 6 } })
    site = await wordpress.readSite()
  })
  afterAll(() => wordpress?.stop())

  it('answers as the version that was asked for, with its zone and application passwords', async () => {
    const root = (await (await request('/', undefined)).json()) as Record<string, unknown>
    expect(wordpress.version).toMatch(new RegExp(`^${version.replace('.', '\\.')}(\\.|$)`))
    expect(root).toMatchObject({ home: wordpress.url, timezone_string: 'America/New_York' })
    expect(root.authentication).toHaveProperty('application-passwords')
  })

  it.each(['admin', 'editor', 'author', 'subscriber'] as const)(
    'knows %s by the application password',
    async (name) => {
      const answer = await request('/wp/v2/users/me?context=edit', name)
      expect(await answer.json()).toMatchObject({ username: name, roles: [name === 'admin' ? 'administrator' : name] })
    },
  )

  it('shows over REST what the tables hold', async () => {
    const answer = await request('/wp/v2/posts?status=any&context=edit&per_page=100&orderby=id&order=asc', 'admin')
    const posts = (await answer.json()) as {
      id: number
      slug: string
      title: { raw: string }
      content: { raw: string }
    }[]
    expect(posts).toHaveLength(100)
    for (const { id, slug, title, content } of posts) {
      const row = site.posts.find((post) => post.id === id)
      expect(row).toMatchObject({ type: 'post', title: title.raw, content: content.raw, slug })
    }
    for (const [path, type] of [
      ['/wp/v2/book', 'book'],
      ['/wp/v2/product', 'product'],
    ] as const) {
      const published = site.posts.filter((post) => post.type === type && post.status === 'publish')
      expect((await request(path, undefined)).headers.get('x-wp-total')).toBe(`${published.length}`)
    }
  })

  it('is seeded with files, a tree of terms and posts of one second', () => {
    expect(site.attachments).toHaveLength(12)
    for (const attachment of site.attachments) expect(attachment.sha256).toMatch(/^[0-9a-f]{64}$/)
    expect(site.posts.filter((post) => post.thumbnailId !== null).length).toBeGreaterThan(20)
    expect(site.terms.some((term) => term.taxonomy === 'product_cat' && term.parentId !== 0)).toBe(true)
    const perSecond = new Map<string, number>()
    for (const { modifiedGmt } of site.posts) perSecond.set(modifiedGmt, (perSecond.get(modifiedGmt) ?? 0) + 1)
    expect(Math.max(...perSecond.values())).toBe(40)
    expect(site.posts.some((post) => post.status === 'draft' && post.dateGmt === '0000-00-00 00:00:00')).toBe(true)
  })

  it('takes what is written over REST', async () => {
    const body = JSON.stringify({ title: 'Über “R&D” 🎉', content: '<p>5 &lt; 6</p>', status: 'publish' })
    const answer = await request('/wp/v2/posts', 'admin', { method: 'POST', body })
    expect(answer.status).toBe(201)
    const { id } = (await answer.json()) as { id: number }
    const row = (await wordpress.readSite()).posts.find((post) => post.id === id)
    expect(row).toMatchObject({ title: 'Über “R&D” 🎉', content: '<p>5 &lt; 6</p>', status: 'publish' })
    const media = await request('/wp/v2/media', 'admin', {
      method: 'POST',
      body: Buffer.from(
        'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
        'base64',
      ),
      headers: { 'content-type': 'image/png', 'content-disposition': 'attachment; filename="dot.png"' },
    })
    expect(media.status).toBe(201)
    const permalink = await fetch(`${wordpress.url}/${row?.slug}/`)
    expect([permalink.status, (await permalink.text()).includes('5 &lt; 6')]).toEqual([200, true])
  })

  it('runs PHP, and answers differently while a must-use plugin is there', async () => {
    expect(
      await wordpress.php('echo json_encode([$args["a"], wp_count_posts("page")->publish > 0]);', { a: 'ü' }),
    ).toEqual(['ü', true])
    await expect(wordpress.php('throw new Exception("broken on purpose");')).rejects.toThrow('broken on purpose')
    await wordpress.installMuPlugin('noise', "echo 'Notice: something';")
    expect(await (await request('/wp/v2/posts', undefined)).text()).toMatch(/^Notice: something/)
    expect((await wordpress.readSite()).posts.length).toBeGreaterThan(0)
    expect(await wordpress.php('echo json_encode(1);')).toBe(1)
    await wordpress.removeMuPlugin('noise')
    expect(await (await request('/wp/v2/posts', undefined)).text()).toMatch(/^\[/)
  })

  it('reaches nothing outside and mails nobody', async () => {
    const script = `$answer = wp_remote_get('http://192.0.2.1/', ['timeout' => 1]);
      echo json_encode([is_wp_error($answer) ? $answer->get_error_code() : 'sent', wp_mail('a@example.org', 'b', 'c')]);`
    expect(await wordpress.php(script)).toEqual(['http_request_not_executed', true])
  })

  it('leaves no process, port or file behind when it stops, however often it is told to', async () => {
    expect(await findProcesses(wordpress.directory)).not.toEqual([])
    await Promise.all([wordpress.stop(), wordpress.stop()])
    await wordpress.stop()
    expect(await findProcesses(wordpress.directory)).toEqual([])
    expect(await isPortFree(Number(new URL(wordpress.url).port))).toBe(true)
    expect(existsSync(wordpress.directory)).toBe(false)
  })
})

it.skipIf(!isRequired)('stops a start that is aborted, leaving nothing', async () => {
  const abort = new AbortController()
  const start = startWordPress({
    version: '6.8',
    database: 'mariadb',
    signal: abort.signal,
    onProgress: (message) => {
      if (message.startsWith('starting')) setImmediate(() => abort.abort(new Error('changed my mind')))
    },
  })
  await expect(start).rejects.toThrow()
})

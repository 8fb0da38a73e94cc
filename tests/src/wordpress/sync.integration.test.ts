import { createServer, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { inspect } from 'node:util'
import { type Account, createIgny8, type DomainEvent, type Igny8 } from '@igny8/core'
import { createMemoryStorage } from '@igny8/storage-memory'
import { createWordPressAdapter } from '@igny8/wordpress'
import { type Database, type RunningWordPress, startWordPress, type WordPressVersion } from '@igny8-tools/wordpress'
import { seedSite } from '@igny8-tools/wordpress/seed-site'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'

const required = process.env.IGNY8_REQUIRE_SERVICES === '1'
const png = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
  'base64',
)

// Skipped unless IGNY8_REQUIRE_SERVICES=1: it starts a real WordPress.
describe.skipIf(!required)('sync with a real WordPress', () => {
  let wordpress: RunningWordPress
  let images: Server
  let imageOrigin: string
  let downloads = 0
  let igny8: Igny8
  let account: Account
  let integrationId: string
  let siteId: string
  const events: DomainEvent[] = []

  beforeAll(async () => {
    wordpress = await startWordPress({
      version: (process.env.IGNY8_WORDPRESS_VERSION ?? '6.8') as WordPressVersion,
      database: (process.env.IGNY8_WORDPRESS_DATABASE ?? 'sqlite') as Database,
    })
    await seedSite(wordpress, { posts: 120, pages: 15 })
    images = createServer((_request, answer) => {
      downloads++
      answer.writeHead(200, { 'content-type': 'text/plain' }).end(png)
    })
    await new Promise<void>((resolve) => images.listen(0, '127.0.0.1', resolve))
    imageOrigin = `http://127.0.0.1:${(images.address() as AddressInfo).port}`
    igny8 = createIgny8({
      storage: createMemoryStorage(),
      platforms: [createWordPressAdapter()],
      encryption: { keys: [{ id: 'test', secret: Buffer.alloc(32, 3).toString('base64') }] },
      outbound: { allow: [wordpress.url, imageOrigin] },
    })
    igny8.onEvent((event) => void events.push(event))
    await igny8.start()
    account = igny8.forAccount('acct')
    const { username, applicationPassword } = wordpress.users.admin
    const connected = await account.connections.connect({
      platform: 'wordpress',
      url: wordpress.url,
      username,
      applicationPassword,
    })
    integrationId = connected.integration.id
    siteId = connected.site.id
    await account.sync.pull({ integrationId })
  })

  afterAll(async () => {
    await igny8?.stop({ drainMs: 1_000 })
    images?.close()
    await wordpress?.stop()
  })

  const allContent = async () => {
    const page = await account.content.list({ siteId, limit: 500 })
    expect(page.nextCursor).toBeNull()
    return page.items
  }
  const living = async () => {
    const { posts } = await wordpress.readSite()
    return posts.filter(
      (post) => ['post', 'page'].includes(post.type) && !['trash', 'auto-draft'].includes(post.status),
    )
  }
  const publish = async (fields: Partial<Parameters<Account['content']['create']>[0]>) => {
    const content = await account.content.create({ siteId, type: 'post', title: 'Pushed', ...fields })
    await account.content.approve(content.id)
    return account.content.publish(content.id)
  }
  const postOf = async (title: string) =>
    (await wordpress.readSite()).posts.filter((post) => post.title === title && post.status !== 'inherit')

  it('pulled every post and page byte for byte, with terms, images and status', async () => {
    const contents = (await allContent()).filter((content) => content.type === 'post' || content.type === 'page')
    const posts = await living()
    const shape = (type: string, title: string, body: string, excerpt: string, terms: number, image: boolean) =>
      JSON.stringify([type, title, body, excerpt, terms, image])
    expect(
      contents
        .map((content) =>
          shape(
            content.type,
            content.title,
            content.body,
            content.excerpt,
            content.taxonomyIds.length,
            content.featuredImageId !== null,
          ),
        )
        .sort(),
    ).toEqual(
      posts
        .map((post) =>
          shape(post.type, post.title, post.content, post.excerpt, post.terms.length, post.thumbnailId !== null),
        )
        .sort(),
    )
    const count = (status: string) => contents.filter((content) => content.status === status).length
    expect(count('scheduled')).toBe(posts.filter((post) => post.status === 'future').length)
    expect(count('published')).toBe(
      posts.filter((post) => post.status === 'publish' || post.status === 'private').length,
    )
  })

  it('pulled the category tree, the same name under two parents apart', async () => {
    const { items } = await account.taxonomies.list({ siteId, type: 'category', limit: 500 })
    const europe = items.filter((term) => term.name === 'Europe')
    expect(new Set(europe.map((term) => term.parentId)).size).toBe(europe.length)
    expect(europe.length).toBeGreaterThan(1)
    expect(items.some((term) => term.name === 'R&D')).toBe(true)
  })

  it('needs a handful of requests when nothing changed', async () => {
    const before = await countRequests(wordpress)
    const run = await account.sync.pull({ integrationId })
    expect(run.counts).toMatchObject({ created: 0, updated: 0, deleted: 0, failed: 0 })
    expect((await countRequests(wordpress)) - before).toBeLessThanOrEqual(15)
  })

  it('pushes raw blocks byte for byte, with excerpt, slug, tree and tag', async () => {
    const body =
      '<!-- wp:group {"metadata":{"name":"a \\u0026 b \\u003c c"}} -->\n<div class="wp-block-group"><!-- wp:paragraph -->\n<p>“It’s” 5 &lt; 6 &amp; \\backslash 🎉 مرحبا</p>\n<!-- /wp:paragraph --></div>\n<!-- /wp:group -->'
    const parent = await account.taxonomies.create({ siteId, type: 'category', name: 'Boats & trains' })
    const child = await account.taxonomies.create({ siteId, type: 'category', name: 'Europe', parentId: parent.id })
    const tag = await account.taxonomies.create({ siteId, type: 'tag', name: 'Q&A' })
    const { outcomes } = await publish({
      title: 'Exact & “quoted” \\ 🎉',
      body,
      excerpt: 'In <b>short</b>',
      slug: 'exact-slug',
      taxonomyIds: [child.id, tag.id],
    })
    expect(outcomes).toMatchObject([{ ok: true, action: 'created', remoteStatus: 'publish', differences: [] }])
    const [post, ...others] = await postOf('Exact & “quoted” \\ 🎉')
    expect([others.length, post?.content, post?.slug, post?.status, post?.excerpt]).toEqual([
      0,
      body,
      'exact-slug',
      'publish',
      'In <b>short</b>',
    ])
    expect(post?.terms.length).toBe(2)
  })

  it('uploads an image from its URL once, however many posts use it', async () => {
    const first = await account.images.create({ siteId, imageUrl: `${imageOrigin}/one.jpg`, alt: 'Alt & text' })
    const second = await account.images.create({ siteId, imageUrl: `${imageOrigin}/other-name.gif` })
    for (const [title, image] of [
      ['With image 1', first],
      ['With image 2', first],
      ['With image 3', second],
    ] as const)
      await publish({ title, featuredImageId: image.id })
    const { attachments, posts } = await wordpress.readSite()
    const thumbnails = posts.filter((post) => post.title.startsWith('With image')).map((post) => post.thumbnailId)
    expect(new Set(thumbnails).size).toBe(1)
    expect(thumbnails.length).toBe(3)
    expect(attachments.filter((attachment) => attachment.id === thumbnails[0])).toMatchObject([
      { altText: 'Alt & text', mimeType: 'image/png' },
    ])
    expect(downloads).toBe(2)
  })

  it('leaves a draft a draft, and publishes it later as the same post', async () => {
    const content = await account.content.create({ siteId, type: 'page', title: 'First a draft' })
    await account.content.approve(content.id)
    await account.sync.push({ contentId: content.id, as: 'draft' })
    expect(await account.content.get(content.id)).toMatchObject({ status: 'approved' })
    expect(await postOf('First a draft')).toMatchObject([{ status: 'draft', type: 'page' }])
    await account.content.publish(content.id)
    expect(await postOf('First a draft')).toMatchObject([{ status: 'publish', slug: 'first-a-draft' }])
  })

  it('brings both sides together after edits here and there', async () => {
    const { content } = await publish({ title: 'Both sides', body: '<p>one</p>', excerpt: 'one' })
    const [post] = await postOf('Both sides')
    await wordpress.php(
      'wp_update_post(["ID" => $args["id"], "post_excerpt" => "two", "post_modified" => ""]); echo 1;',
      { id: post?.id },
    )
    const edited = await account.content.update({
      contentId: content.id,
      version: content.version,
      changes: { body: '<p>two</p>' },
    })
    await account.content.approve(edited.id)
    await account.sync.run({ integrationId })
    expect(await account.content.get(content.id)).toMatchObject({
      body: '<p>two</p>',
      excerpt: 'two',
      pendingChanges: false,
    })
    expect(await postOf('Both sides')).toMatchObject([{ content: '<p>two</p>', excerpt: 'two' }])
  })

  it('pushes products and custom types where the site has them', async () => {
    const { outcomes } = await publish({ type: 'product', title: 'A product' })
    expect(outcomes).toMatchObject([{ ok: true }])
    expect(await postOf('A product')).toMatchObject([{ type: 'product', status: 'publish' }])
  })

  it('shows no credential in any event, error or view', async () => {
    const { applicationPassword, password } = wordpress.users.admin
    const error = await account.connections
      .rotate({ integrationId, username: 'admin', applicationPassword: 'zzzz zzzz zzzz zzzz zzzz zzzz' })
      .catch((caught: unknown) => caught)
    const shown = [
      error,
      events,
      await account.connections.list(),
      await account.sites.list(),
      await account.sync.events({ limit: 500 }),
      await account.sync.runs({ integrationId }),
    ]
    const text = inspect(shown, { depth: 20, showHidden: true }) + JSON.stringify(shown)
    const basic = Buffer.from(`admin:${applicationPassword}`).toString('base64').slice(0, 24)
    for (const secret of [applicationPassword, applicationPassword.replaceAll(' ', ''), password, basic, 'zzzz zzzz'])
      expect(text).not.toContain(secret)
    expect(error).toMatchObject({ code: 'AUTH_FAILED' })
  })
})

/** Requests that WordPress itself has counted. */
async function countRequests(wordpress: RunningWordPress): Promise<number> {
  await wordpress.installMuPlugin(
    'count-requests',
    '<?php if (PHP_SAPI !== "cli") { file_put_contents(WP_CONTENT_DIR . "/requests.log", "x", FILE_APPEND); }',
  )
  return Number(
    await wordpress.php(
      '$file = WP_CONTENT_DIR . "/requests.log"; clearstatcache(); echo json_encode(file_exists($file) ? filesize($file) : 0);',
    ),
  )
}

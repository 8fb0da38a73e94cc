import type { BatchOperation, PlatformClient } from '@igny8/core'
import { buildImageUpload } from '@igny8/core/testing'
import { expect, it } from 'vitest'
import { describeOnWordPress } from './with-wordpress.ts'

const type = 'post'
const registerMeta = `add_action('init', function () {
  register_post_meta('post', 'subtitle', ['single' => true, 'type' => 'string', 'show_in_rest' => true]);
  register_post_meta('post', 'locked', ['single' => true, 'type' => 'string', 'show_in_rest' => true, 'auth_callback' => '__return_false']);
  register_post_meta('post', 'rating', ['single' => true, 'type' => 'integer', 'show_in_rest' => true]);
}, 99);
foreach (['post'] as $type) { add_action('init', fn() => add_post_type_support($type, 'custom-fields')); }`
/** Ends a request after WordPress did its work, before it answers. */
const loseAnswers = (route: string) =>
  `add_filter('rest_post_dispatch', function ($response, $server, $request) { if ($request->get_route() === '${route}' && $request->get_method() === 'POST') { status_header(502); echo '<html>Bad gateway</html>'; exit; } return $response; }, 10, 3);`

describeOnWordPress('writing to a real WordPress', (site) => {
  const batchOf = (client: PlatformClient) => {
    if (client.content.batch === undefined) throw new Error('WordPress takes batches.')
    return client.content.batch
  }
  const countPosts = async () => (await site().wordpress.readSite()).posts.length

  it('finds all that were created at once under one slug, in one request', async () => {
    const { content } = site().open()
    const fields = { title: 'Twin', slug: 'igny8-twin-marker' }
    const made = await Promise.all(Array.from({ length: 4 }, () => content.create({ type, fields })))
    site().requests.splice(0)
    const found = await content.findByMarker({ type, marker: fields.slug })
    expect(site().requests).toHaveLength(1)
    const ids = made.map((item) => Number(item.externalId)).sort((one, other) => one - other)
    expect(found.map((item) => Number(item.externalId))).toEqual(ids)
    for (const { externalId } of made) await content.delete({ type, externalId })
  })

  it('says by its answer what WordPress dropped', async () => {
    const { content } = site().open()
    const created = await content.create({
      type,
      fields: {
        title: 'Dropped',
        terms: { category: ['1', '77777'], tag: ['88888'] },
        featuredMediaId: '99999',
        meta: { nobody_knows: 'x' },
      },
    })
    expect(created.fields).toMatchObject({ terms: { category: ['1'], tag: [] }, featuredMediaId: null })
    expect(created.fields.meta).not.toHaveProperty('nobody_knows')
    await content.delete({ type, externalId: created.externalId })
  })

  it('writes and reads registered meta', async () => {
    await site().install(registerMeta)
    const { content } = site().open()
    const { externalId, fields } = await content.create({
      type,
      fields: { title: 'Meta', meta: { subtitle: 'A “b” & \\c', rating: 4 } },
    })
    expect(fields.meta).toMatchObject({ subtitle: 'A “b” & \\c', rating: 4 })
    const updated = await content.update({ type, externalId, fields: { meta: { rating: 5 } } })
    expect(updated.fields.meta).toMatchObject({ subtitle: 'A “b” & \\c', rating: 5 })
    await content.delete({ type, externalId })
  })

  it.each([
    ['a right that is missing', { locked: 'x' }],
    ['a value that does not fit', { rating: 'many' }],
  ])('knows that a refusal of meta for %s comes after the post was saved', async (_why, meta) => {
    await site().install(registerMeta)
    const { content } = site().open()
    const fields = { title: 'Half', slug: 'igny8-half-marker', meta }
    await expect(content.create({ type, fields })).rejects.toMatchObject({ effect: 'unknown' })
    const [left] = await content.findByMarker({ type, marker: fields.slug })
    expect(left).toMatchObject({ fields: { title: 'Half' } })
    await content.delete({ type, externalId: left?.externalId ?? '' })
  })

  it('knows that nothing was written where WordPress refuses beforehand', async () => {
    const before = await countPosts()
    const refused = (client: PlatformClient, code: string, fields: object = {}) =>
      expect(client.content.create({ type: 'post', fields: { title: 'x', ...fields } })).rejects.toMatchObject({
        code,
        effect: 'none',
      })
    const structure = await site().open().readStructure()
    await refused(site().open({ user: 'subscriber', structure }), 'PERMISSION_DENIED')
    await refused(site().open({ structure, password: 'abcd efgh ijkl mnop qrst uvwx' }), 'AUTH_FAILED')
    await refused(site().open(), 'INVALID_INPUT', { terms: { genre: ['1'] } })
    await refused(site().open(), 'INVALID_INPUT', { featuredMediaId: 'seven' })
    expect(await countPosts()).toBe(before)
  })

  it('leaves the outcome open where the answer is lost, and finds the item again', async () => {
    await site().install(loseAnswers('/wp/v2/posts'))
    const { content } = site().open()
    const lost = content.create({ type, fields: { title: 'Lost', slug: 'igny8-lost-marker' } })
    await expect(lost).rejects.toMatchObject({ code: 'REMOTE_FAILED', effect: 'unknown', retryable: true })
    const found = await content.findByMarker({ type, marker: 'igny8-lost-marker' })
    expect(found).toHaveLength(1)
    await content.delete({ type, externalId: found[0]?.externalId ?? '' })
  })

  it('returns what WordPress kept of an author’s HTML', async () => {
    const { content } = site().open({ user: 'author' })
    const fields = {
      title: 'R&D <script>x</script>',
      body: '<p onclick="x()">a</p><iframe src="https://x.example"></iframe>',
    }
    const { externalId, fields: kept } = await content.create({ type, fields })
    expect(kept.body).toBe('<p>a</p>')
    expect(kept.title).toContain('R&amp;D')
    await content.delete({ type, externalId })
  })

  it('publishes a draft of last week as of now, and leaves a scheduled post scheduled', async () => {
    const { wordpress, open } = site()
    const { content } = open()
    const [draft, scheduled] = (await wordpress.php(`
      $old = wp_insert_post(['post_title' => 'Old draft', 'post_status' => 'draft', 'post_date' => gmdate('Y-m-d H:i:s', time() - 7 * 86400)]);
      $next = wp_insert_post(['post_title' => 'Next', 'post_status' => 'future', 'post_date' => '2037-01-01 00:00:00']);
      echo json_encode([(string) $old, (string) $next]);`)) as readonly [string, string]
    const published = await content.update({ type, externalId: draft, fields: { state: 'published' } })
    expect(Math.abs((published.publishedAt?.getTime() ?? 0) - Date.now())).toBeLessThan(60_000)
    const kept = await content.update({ type, externalId: scheduled, fields: { title: 'Next, renamed' } })
    expect(kept).toMatchObject({ state: 'scheduled', publishedAt: expect.any(Date) })
    expect(kept.publishedAt?.getUTCFullYear()).toBe(2037)
    for (const externalId of [draft, scheduled]) await content.delete({ type, externalId })
  })

  it('takes the slug from the answer: WordPress cuts it at 200 characters', async () => {
    const { content } = site().open()
    const { externalId, fields } = await content.create({ type, fields: { title: 'Long', slug: 'a'.repeat(250) } })
    expect(fields.slug).toBe('a'.repeat(200))
    await content.delete({ type, externalId })
  })

  it('needs no method but GET, HEAD and POST, as hosts block the others', async () => {
    await site().install(
      `if (in_array($_SERVER['REQUEST_METHOD'] ?? '', ['PUT', 'PATCH', 'DELETE'], true)) { status_header(405); echo '<html>Method not allowed</html>'; exit; }`,
    )
    const { content, taxonomies } = site().open()
    const { externalId } = await content.create({ type, fields: { title: 'Methods' } })
    await content.update({ type, externalId, fields: { title: 'Methods again' } })
    await content.trash({ type, externalId })
    await content.delete({ type, externalId })
    const term = await taxonomies?.create({ type: 'tag', name: 'Methods' })
    await taxonomies?.delete({ type: 'tag', externalId: term?.term.externalId ?? '' })
    expect((await site().wordpress.readSite()).posts.filter((post) => post.title.startsWith('Methods'))).toEqual([])
  })

  it('says that a site without a trash has none', async () => {
    await site().install(`define('EMPTY_TRASH_DAYS', 0);`)
    const { content } = site().open()
    const { externalId } = await content.create({ type, fields: { title: 'Not trashed' } })
    await expect(content.trash({ type, externalId })).rejects.toMatchObject({ code: 'UNSUPPORTED', effect: 'none' })
    expect(await content.get({ type, externalId })).toMatchObject({ kind: 'found', content: { state: 'draft' } })
    await content.delete({ type, externalId })
  })

  it('adopts a term whatever its case', async () => {
    const { taxonomies } = site().open()
    const first = await taxonomies?.create({ type: 'category', name: 'Boats & Trains' })
    const again = await taxonomies?.create({ type: 'category', name: 'boats & trains', slug: 'other' })
    expect(again).toEqual({ term: first?.term, adopted: true })
    await taxonomies?.delete({ type: 'category', externalId: first?.term.externalId ?? '' })
  })

  it('names the upload by its hash whatever its title, and stores its exact bytes', async () => {
    const image = buildImageUpload('exact')
    const uploaded = await site().open().media?.upload(image)
    const { attachments } = await site().wordpress.readSite()
    const stored = attachments.find((attachment) => String(attachment.id) === uploaded?.externalId)
    expect(stored).toMatchObject({
      slug: image.contentHash,
      sha256: image.contentHash,
      altText: image.alt,
      title: image.title,
    })
    expect(stored?.file).toMatch(new RegExp(`${image.contentHash}\\.png$`))
  })

  it('goes on with an upload that WordPress stored and then failed on', async () => {
    await site().install(`add_action('rest_after_insert_attachment', function ($attachment, $request) {
      if ($request->get_route() === '/wp/v2/media') { header('X-WP-Upload-Attachment-ID: ' . $attachment->ID); status_header(500); echo 'Out of memory'; exit; }
    }, 10, 2);`)
    const image = buildImageUpload('resumed')
    const { media } = site().open()
    const uploaded = await media?.upload(image)
    const { attachments } = await site().wordpress.readSite()
    expect(attachments.filter((attachment) => attachment.slug.startsWith(image.contentHash))).toHaveLength(1)
    expect(await media?.findByContentHash(image.contentHash)).toEqual(uploaded)
  })

  it('sends nothing that is no image', async () => {
    const { media } = site().open()
    const refused = { code: 'IMAGE_REFUSED', effect: 'none' }
    await expect(media?.upload({ ...buildImageUpload('svg'), mediaType: 'image/svg+xml' })).rejects.toMatchObject(
      refused,
    )
    await expect(media?.upload({ ...buildImageUpload('path'), contentHash: '../x' })).rejects.toMatchObject(refused)
    expect(site().requests).toEqual([])
  })

  it('writes 25 in one request, of several types', async () => {
    const client = site().open()
    await client.content.get({ type, externalId: '1' })
    site().requests.splice(0)
    const operations = Array.from(
      { length: 25 },
      (_, index): BatchOperation => ({
        kind: 'create',
        type: ['post', 'page', 'product', 'book'][index % 4] ?? type,
        fields: {
          title: `Batch ${index}`,
          body: '<!-- wp:paragraph --><p>“a” & b</p><!-- /wp:paragraph -->',
          slug: `batch-${index}`,
        },
      }),
    )
    const outcomes = await batchOf(client).run(operations)
    expect(site().requests).toHaveLength(1)
    expect(outcomes.map((outcome) => outcome.kind === 'done' && outcome.content.fields.slug)).toEqual(
      operations.map((_, index) => `batch-${index}`),
    )
    for (const outcome of outcomes) if (outcome.kind === 'done') await client.content.delete(outcome.content)
    await expect(batchOf(client).run([...operations, ...operations])).rejects.toMatchObject({ code: 'INVALID_INPUT' })
  })

  it('fails an operation alone that cannot be sent', async () => {
    const client = site().open()
    const outcomes = await batchOf(client).run([
      { kind: 'create', type: 'no-such-type', fields: { title: 'x' } },
      { kind: 'create', type, fields: { title: 'Sent' } },
      { kind: 'update', type, externalId: 'seven', fields: { title: 'x' } },
    ])
    expect(outcomes).toMatchObject([
      { kind: 'failed', error: { code: 'REMOTE_NOT_FOUND', effect: 'none' } },
      { kind: 'done', content: { fields: { title: 'Sent' } } },
      { kind: 'failed', error: { code: 'INVALID_INPUT', effect: 'none' } },
    ])
    for (const outcome of outcomes) if (outcome.kind === 'done') await client.content.delete(outcome.content)
  })

  it.each([
    [
      'has no batch route',
      `add_filter('rest_endpoints', function ($endpoints) { unset($endpoints['/batch/v1']); return $endpoints; });`,
    ],
    ['takes fewer at once', `add_filter('rest_get_max_batch_size', fn() => 2);`],
  ])('says so, with nothing written, where a site %s', async (_what, php) => {
    await site().install(php)
    const before = await countPosts()
    const operations = [1, 2, 3].map(
      (number): BatchOperation => ({ kind: 'create', type, fields: { title: `None ${number}` } }),
    )
    await expect(batchOf(site().open()).run(operations)).rejects.toMatchObject({ code: 'UNSUPPORTED', effect: 'none' })
    expect(await countPosts()).toBe(before)
  })

  it('leaves all outcomes of a batch open where its answer is lost', async () => {
    await site().install(loseAnswers('/batch/v1'))
    const client = site().open()
    const operations = [1, 2].map(
      (number): BatchOperation => ({
        kind: 'create',
        type,
        fields: { title: 'x', slug: `igny8-batch-lost-${number}` },
      }),
    )
    await expect(batchOf(client).run(operations)).rejects.toMatchObject({ effect: 'unknown' })
    for (const number of [1, 2]) {
      const found = await client.content.findByMarker({ type, marker: `igny8-batch-lost-${number}` })
      expect(found).toHaveLength(1)
      await client.content.delete(found[0] ?? { type, externalId: '' })
    }
  })

  it('finds the edit that an update replaced, under the very same account', async () => {
    const { wordpress, open } = site()
    const { content } = open()
    const { externalId } = await content.create({ type, fields: { title: 'Revised', body: '<p>base</p>' } })
    await content.update({ type, externalId, fields: { body: '<p>agreed</p>' } })
    await wordpress.php(
      'wp_set_current_user(1); wp_update_post(["ID" => (int) $args["id"], "post_content" => "<p>theirs</p>"]); echo 1;',
      { id: externalId },
    )
    const { fields: left } = await content.update({ type, externalId, fields: { body: '<p>ours</p>' } })
    const replaced = { fields: { title: 'Revised', body: '<p>theirs</p>' } }
    expect(await content.latestRevision?.({ type, externalId, left })).toMatchObject(replaced)
    // Before anybody could look, somebody went on.
    await content.update({ type, externalId, fields: { title: 'Edited again' } })
    expect(await content.latestRevision?.({ type, externalId, left })).toMatchObject(replaced)
    await content.delete({ type, externalId })
    expect(await content.latestRevision?.({ type, externalId, left })).toBeNull()
  })

  it('says that there are no revisions where a type keeps none', async () => {
    await site().install(`add_action('init', fn() => remove_post_type_support('book', 'revisions'), 99);`)
    const { content } = site().open()
    const { externalId, fields: left } = await content.create({ type: 'book', fields: { title: 'No revisions' } })
    expect(await content.latestRevision?.({ type: 'book', externalId, left })).toBeNull()
    await content.delete({ type: 'book', externalId })
  })
})

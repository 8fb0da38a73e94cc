import type { PlatformClient, PlatformPull, RemoteOutline, SiteStructure } from '@igny8/core'
import { expect, it } from 'vitest'
import { describeOnWordPress } from './with-wordpress.ts'

const insertPosts = `
  global $wpdb;
  $ids = [];
  foreach (range(1, $args['count']) as $number) {
    $ids[] = wp_insert_post(['post_title' => "Row $number", 'post_excerpt' => 'Short', 'post_status' => 'publish', 'post_author' => $args['author'] ?? 1, 'post_type' => $args['type'] ?? 'post']);
  }
  if (isset($args['gmt'])) {
    $local = get_date_from_gmt($args['gmt']);
    $wpdb->query($wpdb->prepare("UPDATE {$wpdb->posts} SET post_modified = %s, post_modified_gmt = %s WHERE ID IN (" . implode(',', $ids) . ')', $local, $args['gmt']));
  }
  echo json_encode(array_map('strval', $ids));`
const deletePosts = 'foreach ($args["ids"] as $id) { wp_delete_post((int) $id, true); } echo 1;'

describeOnWordPress('reading from a real WordPress', (site) => {
  const pullOf = (client: PlatformClient): PlatformPull => {
    if (client.pull === undefined) throw new Error('WordPress can be pulled from.')
    return client.pull
  }

  async function withPosts(
    input: { readonly count: number; readonly gmt?: string; readonly author?: number; readonly type?: string },
    run: (ids: readonly string[]) => Promise<void>,
  ): Promise<void> {
    const { wordpress } = site()
    const ids = (await wordpress.php(insertPosts, input)) as readonly string[]
    try {
      await run(ids)
    } finally {
      await wordpress.php(deletePosts, { ids })
    }
  }

  /** As core pulls: by keyset, leaving out what was seen. */
  async function walk(
    client: PlatformClient,
    since: Date,
    limit: number,
    seen: string[] = [],
  ): Promise<readonly RemoteOutline[]> {
    const rows: RemoteOutline[] = []
    for (let page = 0; page < 60; page++) {
      const answer = await pullOf(client).listModifiedSince({ type: 'post', since, excludeIds: seen, limit })
      rows.push(...answer.rows)
      seen.push(...answer.rows.map((row) => row.externalId))
      if (!answer.more) return rows
    }
    throw new Error('The walk does not end.')
  }

  it('never takes an anonymous answer for an authenticated one', async () => {
    const client = site().open({
      password: 'abcd efgh ijkl mnop qrst uvwx',
      structure: await site().open().readStructure(),
    })
    const refused = { code: 'AUTH_FAILED', effect: 'none' }
    const type = 'post'
    await expect(client.content.get({ type, externalId: '1' })).rejects.toMatchObject(refused)
    await expect(client.content.get({ type, externalId: '999999' })).rejects.toMatchObject(refused)
    await expect(client.content.findByMarker({ type, marker: 'x' })).rejects.toMatchObject(refused)
    await expect(pullOf(client).listByExternalId({ type, offset: 0, limit: 5 })).rejects.toMatchObject(refused)
    await expect(pullOf(client).getMany({ type, externalIds: ['1'] })).rejects.toMatchObject(refused)
    await expect(client.media?.getMany(['1'])).rejects.toMatchObject(refused)
    await expect(client.media?.findByContentHash('a'.repeat(64))).rejects.toMatchObject(refused)
    await expect(client.taxonomies?.list({ type: 'category', page: 1, limit: 5 })).rejects.toMatchObject(refused)
    await expect(client.content.create({ type, fields: { title: 'x' } })).rejects.toMatchObject(refused)
  })

  it('loses no row among many of one second', async () => {
    await withPosts({ count: 35, gmt: '2026-01-15 12:00:00' }, async (ids) => {
      const since = new Date('2026-01-15T12:00:00Z')
      const rows = await walk(site().open(), since, 10)
      expect(rows.map((row) => row.externalId)).toEqual(expect.arrayContaining([...ids]))
      expect(new Set(rows.map((row) => row.externalId)).size).toBe(rows.length)
    })
  })

  it('leaves out thousands of ids, in a body where the URL would be too long', async () => {
    await withPosts({ count: 5, gmt: '2026-01-15 12:00:00' }, async (ids) => {
      const excludeIds = [...ids.slice(0, 3), ...Array.from({ length: 5_000 }, (_, index) => String(1_000_000 + index))]
      const input = { type: 'post', since: new Date('2026-01-15T12:00:00Z'), excludeIds, limit: 2 }
      const before = await site().wordpress.readSite()
      const page = await pullOf(site().open()).listModifiedSince(input)
      expect(page.rows.map((row) => row.externalId).sort()).toEqual(ids.slice(3).sort())
      expect(site().requests.filter((request) => request.startsWith('POST'))).toHaveLength(1)
      expect((await site().wordpress.readSite()).posts.length).toBe(before.posts.length)
    })
  })

  it('reads the second by id where a firewall refuses such a body', async () => {
    await withPosts({ count: 7, gmt: '2026-01-15 12:00:00' }, async (ids) => {
      await site().install(`if (isset($_GET['_method'])) { status_header(403); echo '<html>Forbidden</html>'; exit; }`)
      const padding = Array.from({ length: 2_000 }, (_, index) => String(1_000_000 + index))
      const rows = await walk(site().open(), new Date('2026-01-15T12:00:00Z'), 3, padding)
      expect(rows.map((row) => row.externalId)).toEqual(expect.arrayContaining([...ids]))
      const times = rows.map((row) => row.modifiedAt.getTime())
      expect(Math.min(...times)).toBeGreaterThanOrEqual(Date.parse('2026-01-15T12:00:00Z'))
    })
  })

  it('finds what is recent on a site that does not know modified_after', async () => {
    await withPosts({ count: 3, gmt: '2027-06-01 12:00:00' }, async (ids) => {
      await site().install(
        `add_filter('rest_post_collection_params', function ($params) { unset($params['modified_after']); return $params; });`,
      )
      const rows = await walk(site().open(), new Date('2027-06-01T12:00:00Z'), 2)
      expect(rows.map((row) => row.externalId).sort()).toEqual([...ids].sort())
    })
  })

  it('passes over old rows that a change of the site’s zone makes look recent', async () => {
    const { wordpress, open } = site()
    await withPosts({ count: 4, gmt: '2026-02-01 12:00:00' }, async (old) => {
      await withPosts({ count: 2, gmt: '2026-02-01 14:00:00' }, async (recent) => {
        await wordpress.php(
          'global $wpdb; $wpdb->query("UPDATE {$wpdb->posts} SET post_modified = post_modified_gmt WHERE ID IN (" . implode(",", $args["ids"]) . ")"); echo 1;',
          { ids: old.map(Number) },
        )
        const rows = await walk(open(), new Date('2026-02-01T13:00:00Z'), 2)
        const seen = rows.map((row) => row.externalId)
        expect(seen).toEqual(expect.arrayContaining([...recent]))
        expect(seen.filter((id) => old.includes(id))).toEqual([])
      })
    })
  })

  it('sees backdated and scheduled posts in the sweep, and every status by its name', async () => {
    const { wordpress, open } = site()
    const ids = (await wordpress.php(`
      $make = fn($status, $more = []) => (string) wp_insert_post(['post_title' => $status, 'post_status' => $status] + $more);
      echo json_encode([$make('publish', ['post_date' => '2001-02-03 04:05:06']), $make('future', ['post_date' => '2037-01-01 00:00:00']),
        $make('draft'), $make('pending'), $make('private')]);`)) as readonly string[]
    const { rows } = await pullOf(open()).listOutlines({ type: 'post', offset: 0, limit: 100 })
    const states = ids.map((id) => rows.find((row) => row.externalId === id)?.state)
    expect(states).toEqual(['published', 'scheduled', 'draft', 'pending', 'private'])
    const whole = (await pullOf(open()).getMany({ type: 'post', externalIds: ids })).rows
    expect(whole.map((row) => row.publishedAt?.getUTCFullYear() ?? null)).toEqual([
      2001,
      2037,
      null,
      null,
      expect.any(Number),
    ])
    expect(whole.map((row) => row.url !== null)).toEqual([true, false, false, false, true])
    await wordpress.php(deletePosts, { ids })
  })

  it('reads dates of zeros without a crash', async () => {
    const { wordpress, open } = site()
    await withPosts({ count: 1 }, async (ids) => {
      const zero = '0000-00-00 00:00:00'
      await wordpress.php(
        'global $wpdb; $wpdb->query("SET sql_mode = \'\'"); $wpdb->update($wpdb->posts, ["post_status" => "draft", "post_date_gmt" => $args["zero"], "post_modified_gmt" => $args["zero"]], ["ID" => (int) $args["id"]]); echo 1;',
        { id: ids[0], zero },
      )
      const { rows, rejected } = await pullOf(open()).getMany({ type: 'post', externalIds: ids })
      expect(rejected).toEqual([])
      expect(rows).toMatchObject([{ externalId: ids[0], state: 'draft', publishedAt: null }])
      expect(Number.isNaN(rows[0]?.modifiedAt.getTime())).toBe(false)
    })
  })

  it('reads on when a status of the structure is gone from the site', async () => {
    const structure = await site().open().readStructure()
    const client = site().open({ structure: { ...structure, statuses: [...structure.statuses, 'once-was'] } })
    const page = await pullOf(client).listByExternalId({ type: 'post', offset: 0, limit: 100 })
    expect(page.rows.length).toBeGreaterThan(0)
  })

  it('takes no missing route and no web page for a deletion', async () => {
    const { install, open } = site()
    const structure: SiteStructure = await open().readStructure()
    await withPosts({ count: 1, type: 'book' }, async ([externalId = '']) => {
      const get = () => open({ structure }).content.get({ type: 'book', externalId })
      await install(`add_action('init', fn() => unregister_post_type('book'), 99);`)
      await expect(get()).rejects.toMatchObject({ code: 'REMOTE_FAILED', details: { wordpressCode: 'rest_no_route' } })
      await install(
        `if (str_contains($_SERVER['REQUEST_URI'], '/book/')) { status_header(404); echo '<html>Not found</html>'; exit; }`,
      )
      await expect(get()).rejects.toMatchObject({ code: 'REMOTE_FAILED', details: { status: 404 } })
      await install(
        `if (str_contains($_SERVER['REQUEST_URI'], '/book/')) { echo '<html><form id="loginform"></form></html>'; exit; }`,
      )
      await expect(get()).rejects.toMatchObject({ code: 'REMOTE_MALFORMED', retryable: true })
    })
  })

  it('asks on the type’s own route: the id of a page is absent among posts', async () => {
    await withPosts({ count: 1, type: 'page' }, async ([externalId = '']) => {
      const { content } = site().open()
      expect(await content.get({ type: 'post', externalId })).toEqual({ kind: 'absent' })
      expect(await content.get({ type: 'page', externalId })).toMatchObject({ kind: 'found' })
    })
  })

  it('has neither body nor title rendered while it reads', async () => {
    await withPosts({ count: 2 }, async (ids) => {
      await site().install(
        `foreach (['the_content', 'the_title'] as $filter) { add_filter($filter, function ($text) { throw new Exception('rendered'); }); }`,
      )
      const client = site().open()
      expect((await pullOf(client).getMany({ type: 'post', externalIds: ids })).rows).toHaveLength(2)
      const updated = await client.content.update({
        type: 'post',
        externalId: ids[0] ?? '',
        fields: { title: 'quiet' },
      })
      expect(updated.fields.title).toBe('quiet')
    })
  })

  it('asks for the fields it needs and embeds nothing', async () => {
    const client = site().open()
    await client.readStructure()
    await pullOf(client).listByExternalId({ type: 'post', offset: 0, limit: 10 })
    await client.taxonomies?.list({ type: 'tag', page: 1, limit: 10 })
    await client.media?.getMany(['999999'])
    const rest = site().requests.filter((request) => request.includes('/wp/v2/'))
    expect(rest.filter((request) => request.includes('_embed'))).toEqual([])
    // Maps by name, which the filter would empty.
    const whole = /\/wp\/v2\/(types|taxonomies|statuses)\?/
    expect(rest.filter((request) => !request.includes('_fields=') && !whole.test(request))).toEqual([])
  })

  it('does not take a short page for the end where rows are hidden from an author', async () => {
    const { open } = site()
    const author = Number((await open({ user: 'author' }).testConnection()).user.externalId)
    await withPosts({ count: 7, gmt: '2027-07-01 12:00:00' }, async () => {
      await withPosts({ count: 2, gmt: '2027-07-01 12:00:05', author }, async (own) => {
        const client = open({ user: 'author' })
        const rows = await walk(client, new Date('2027-07-01T12:00:00Z'), 2)
        expect(rows.map((row) => row.externalId).sort()).toEqual([...own].sort())
        const seen: string[] = []
        for (let offset = 0, more = true; more; offset += 2) {
          const page = await pullOf(client).listByExternalId({ type: 'post', offset, limit: 2 })
          seen.push(...page.rows.map((row) => row.externalId))
          more = page.more
        }
        expect(seen).toEqual(expect.arrayContaining([...own]))
      })
    })
  })

  it('lets an author read terms and find the uploads of others', async () => {
    const { open } = site()
    const terms = await open({ user: 'author' }).taxonomies?.list({ type: 'category', page: 1, limit: 10 })
    expect(terms?.rows.map((term) => term.name)).toContain('Uncategorized')
    const { buildImageUpload } = await import('@igny8/core/testing')
    const image = buildImageUpload('shared')
    const uploaded = await open().media?.upload(image)
    const found = await open({ user: 'author' }).media?.findByContentHash(image.contentHash)
    expect(found?.externalId).toBe(uploaded?.externalId)
    expect(await open({ user: 'author' }).media?.getMany([uploaded?.externalId ?? ''])).toHaveLength(1)
  })

  it('tells the server’s time by its own clock', async () => {
    const { serverTime } = await pullOf(site().open()).listOutlines({ type: 'post', offset: 0, limit: 1 })
    expect(Math.abs(serverTime.getTime() - Date.now())).toBeLessThan(10_000)
  })
})

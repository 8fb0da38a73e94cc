import type { Content, SyncLink } from '@igny8/core'
import { afterEach, expect, it } from 'vitest'
import { type ConnectedHost, connectHost, type HostOptions } from './connect-host.ts'
import { hoursAgo, layOutPosts, type StampedRow } from './laid-out-site.ts'
import { describeOnWordPress } from './with-wordpress.ts'

// Every test lays out more posts than the newest hundred and works on the oldest, as what every pull looks at anyway proves nothing.
describeOnWordPress('traps of reading a stock WordPress', (site) => {
  const open: ConnectedHost[] = []
  afterEach(async () => {
    for (const host of open.splice(0)) await host.close()
  })

  async function connectAndPull(options: HostOptions = {}): Promise<ConnectedHost> {
    const host = await connectHost(site().wordpress, options)
    open.push(host)
    await pull(host)
    return host
  }
  const pull = ({ account, integrationId }: ConnectedHost) => account.sync.pull({ integrationId })
  const linkOf = async (host: ConnectedHost, externalId: string | undefined): Promise<SyncLink> => {
    const [link] = await host.storage.links.findByExternalIds(host.integrationId, 'content', [externalId ?? ''])
    if (link === undefined) throw new Error('Nothing here is linked to it.')
    return link
  }
  const contentOf = async (host: ConnectedHost, externalId: string | undefined): Promise<Content> => {
    const content = await host.storage.content.get((await linkOf(host, externalId)).localId)
    if (content === undefined) throw new Error('The content is gone altogether.')
    return content
  }
  const titlesOf = async (host: ConnectedHost, rows: readonly StampedRow[]) =>
    Promise.all(rows.map(async ({ id }) => ({ id, title: (await contentOf(host, id)).title })))
  const withoutTimes = (rows: readonly StampedRow[]) => rows.map(({ id, title }) => ({ id, title }))
  /** A password that the test alone uses, and how to take it away again. */
  async function createPassword() {
    const { php } = site().wordpress
    const create =
      '[$password, $item] = WP_Application_Passwords::create_new_application_password(1, ["name" => uniqid()]); echo json_encode([$password, $item["uuid"]]);'
    const [applicationPassword, uuid] = (await php(create)) as [string, string]
    const remove = 'WP_Application_Passwords::delete_application_password(1, $args); echo 1;'
    return { applicationPassword, revoke: () => php(remove, uuid) }
  }

  it('brings an edit of the very second where a pull begins, in a zone far from UTC', async () => {
    const laid = await layOutPosts(site().wordpress, { zone: 'Pacific/Honolulu' })
    const host = await connectAndPull()
    const boundary = hoursAgo(26)
    await laid.stamp([{ id: laid.ids[0] ?? '', title: 'Edited at the boundary', at: boundary }])
    await host.setMark(new Date(boundary.getTime() + 2 * 3_600_000))
    await pull(host)
    expect(await contentOf(host, laid.ids[0])).toMatchObject({ title: 'Edited at the boundary' })
  })

  it('brings all 250 posts of one second, and an edit made between two pages', async () => {
    const laid = await layOutPosts(site().wordpress, { count: 260 })
    const host = await connectAndPull()
    const at = hoursAgo(1)
    const rows = laid.ids.slice(0, 250).map((id, index) => ({ id, title: `Bulk ${index}`, at }))
    await laid.stamp(rows)
    let pages = 0
    host.intercept(async ({ url }, send) => {
      if (url.includes('/posts?') && url.includes('modified_after') && ++pages === 2)
        await laid.edit(`posts/${laid.ids[3]}`, { title: 'Edited while paging' })
      return send()
    })
    await pull(host)
    host.intercept(null)
    await pull(host)
    const expected = rows.map((row, index) => (index === 3 ? { ...row, title: 'Edited while paging' } : row))
    expect(await titlesOf(host, expected)).toEqual(withoutTimes(expected))
    expect(pages).toBeGreaterThanOrEqual(3)
  })

  it('brings a post that was created with a date of years ago', async () => {
    const laid = await layOutPosts(site().wordpress)
    const host = await connectAndPull()
    const { id, modified_gmt } = await laid.edit('posts', {
      title: 'From back then',
      status: 'publish',
      date: '2014-03-01T10:00:00',
    })
    expect(modified_gmt).toMatch(/^2014-/)
    await pull(host)
    expect(await contentOf(host, String(id))).toMatchObject({ title: 'From back then', status: 'published' })
  })

  it('notices that a scheduled post was published, which moves no modified time', async () => {
    const { wordpress } = site()
    const laid = await layOutPosts(wordpress)
    await wordpress.php(
      '$wpdb->update($wpdb->posts, ["post_status" => "future"], ["ID" => (int) $args]); echo 1;',
      laid.ids[0],
    )
    const host = await connectAndPull()
    expect(await contentOf(host, laid.ids[0])).toMatchObject({ status: 'scheduled' })
    await wordpress.php('wp_publish_post((int) $args); echo 1;', laid.ids[0])
    await pull(host)
    expect(await contentOf(host, laid.ids[0])).toMatchObject({ status: 'published' })
    const { remoteModifiedAt } = await linkOf(host, laid.ids[1])
    expect(await linkOf(host, laid.ids[0])).toMatchObject({ remoteModifiedAt })
  })

  it('lets a post that is scheduled for later hide no edit made before', async () => {
    const laid = await layOutPosts(site().wordpress)
    const date = new Date(Date.now() + 240 * 3_600_000).toISOString().slice(0, 19)
    const scheduled = await laid.edit('posts', { title: 'Later', status: 'future', date })
    expect(Date.parse(`${scheduled.modified_gmt}Z`)).toBeGreaterThan(Date.now() + 200 * 3_600_000)
    const host = await connectAndPull()
    await pull(host)
    await laid.edit(`posts/${laid.ids[0]}`, { title: 'Edited before it is due' })
    await pull(host)
    expect(await contentOf(host, laid.ids[0])).toMatchObject({ title: 'Edited before it is due' })
    const state = await host.storage.pullStates.get(host.integrationId, 'post')
    expect(state?.mark?.getTime()).toBeLessThanOrEqual(Date.now() + 1_000)
  })

  it('finds terms and meta that the database alone knows about, within the pulls that read each post once', async () => {
    const { wordpress } = site()
    await site().install(
      `add_action('init', fn() => register_post_meta('post', 'subtitle', ['single' => true, 'type' => 'string', 'show_in_rest' => true]));`,
    )
    const laid = await layOutPosts(wordpress, { count: 260 })
    const [tagged, described] = [laid.ids[255], laid.ids[1]]
    const change = (script: string) =>
      wordpress.php(`${script} echo 1;`, { tagged: Number(tagged), described: Number(described) })
    await change(
      'wp_set_object_terms($args["tagged"], ["Silent"], "post_tag"); update_post_meta($args["described"], "subtitle", "Old");',
    )
    const host = await connectAndPull()
    expect(await contentOf(host, described)).toMatchObject({ meta: { subtitle: 'Old' } })
    expect((await contentOf(host, tagged)).taxonomyIds).toHaveLength(1)
    await change(
      'wp_remove_object_terms($args["tagged"], "Silent", "post_tag"); update_post_meta($args["described"], "subtitle", "New");',
    )
    host.goAhead(2)
    for (let read = 0; read < laid.ids.length; read += 200) await pull(host)
    expect(await contentOf(host, described)).toMatchObject({ meta: { subtitle: 'New' } })
    expect(await contentOf(host, tagged)).toMatchObject({ taxonomyIds: [] })
  })

  it('learns that a term was renamed as soon as each taxonomy had its turn', async () => {
    const { wordpress } = site()
    await layOutPosts(wordpress)
    const id = await wordpress.php('echo json_encode(wp_insert_term("Before " . uniqid(), "category")["term_id"]);')
    const host = await connectAndPull()
    await wordpress.php('wp_update_term((int) $args, "category", ["name" => "Renamed"]); echo 1;', id)
    const taxonomiesOfPosts = ['category', 'tag']
    host.goAhead(1)
    for (const _turn of taxonomiesOfPosts) await pull(host)
    const { items } = await host.account.taxonomies.list({ siteId: host.siteId, type: 'category', limit: 500 })
    expect(items.map((term) => term.name)).toContain('Renamed')
  })

  it('takes a deleted term off its posts, and notes within a day that it is gone', async () => {
    const { wordpress } = site()
    const laid = await layOutPosts(wordpress)
    const id = await wordpress.php(
      '$id = wp_insert_term("Doomed " . uniqid(), "post_tag")["term_id"]; wp_set_object_terms((int) $args, [$id], "post_tag"); echo json_encode($id);',
      laid.ids[0],
    )
    const host = await connectAndPull()
    expect((await contentOf(host, laid.ids[0])).taxonomyIds).toHaveLength(1)
    await wordpress.php('wp_delete_term((int) $args, "post_tag"); echo 1;', id)
    host.goAhead(2)
    await pull(host)
    expect((await contentOf(host, laid.ids[0])).taxonomyIds).toHaveLength(0)
    host.goAhead(23)
    await pull(host)
    const [link] = await host.storage.links.findByExternalIds(host.integrationId, 'taxonomy', [String(id)])
    expect(link?.deletedAt).toBeInstanceOf(Date)
  })

  it('lets the hour that a clock repeats hide no edit', async () => {
    const laid = await layOutPosts(site().wordpress, { at: new Date('2026-09-01T12:00:00Z') })
    const host = await connectAndPull()
    // 01:10 after a mark of 01:50: the clock went back between them.
    await laid.stamp([
      { id: laid.ids[0] ?? '', title: 'Edited in the repeated hour', at: new Date('2026-11-01T06:10:00Z') },
    ])
    await host.setMark(new Date('2026-11-01T05:50:00Z'))
    await pull(host)
    expect(await contentOf(host, laid.ids[0])).toMatchObject({ title: 'Edited in the repeated hour' })
  })

  it('loses no row where a page ends within the hour that a clock repeats', async () => {
    const laid = await layOutPosts(site().wordpress, { count: 240, at: new Date('2026-09-01T12:00:00Z') })
    const host = await connectAndPull()
    const rows = laid.ids.slice(0, 120).map((id, index) => ({
      id,
      title: `Folded ${index}`,
      at: new Date(Date.parse('2026-11-01T05:00:00Z') + index * 60_000),
    }))
    await laid.stamp(rows)
    await host.setMark(new Date('2026-11-01T06:30:00Z'))
    await pull(host)
    expect(await titlesOf(host, rows)).toEqual(withoutTimes(rows))
  })

  it('lets a change of the zone of the site hide no edit', async () => {
    const { wordpress } = site()
    const laid = await layOutPosts(wordpress, { zone: 'America/Los_Angeles' })
    const host = await connectAndPull()
    await laid.edit(`posts/${laid.ids[0]}`, { title: 'Edited before the change' })
    await wordpress.php('update_option("timezone_string", "Pacific/Auckland"); echo 1;')
    await pull(host)
    expect(await contentOf(host, laid.ids[0])).toMatchObject({ title: 'Edited before the change' })
  })

  it('takes a post that became a page for what it is, and only what was deleted for deleted', async () => {
    const { wordpress } = site()
    const laid = await layOutPosts(wordpress)
    const host = await connectAndPull()
    const [became, deleted] = laid.ids
    await wordpress.php('set_post_type((int) $args[0], "page"); wp_delete_post((int) $args[1], true); echo 1;', [
      became,
      deleted,
    ])
    host.goAhead(25)
    expect((await pull(host)).counts).toMatchObject({ deleted: 1 })
    expect(await contentOf(host, became)).toMatchObject({ type: 'page', title: 'Row 1', removedAt: null })
    expect(await linkOf(host, became)).toMatchObject({ externalType: 'page', deletedAt: null })
    expect(await contentOf(host, deleted)).toMatchObject({ title: 'Row 2', body: 'Laid', removedAt: expect.any(Date) })
    host.goAhead(25)
    expect((await pull(host)).counts).toMatchObject({ created: 0, updated: 0, deleted: 0 })
  })

  it('stops at a password that was revoked half-way, and takes nothing for empty', async () => {
    const laid = await layOutPosts(site().wordpress)
    const { applicationPassword, revoke } = await createPassword()
    const host = await connectAndPull({ applicationPassword })
    await laid.edit(`posts/${laid.ids[0]}`, { title: 'Edited meanwhile' })
    let revoked = false
    host.intercept(async ({ path }, send) => {
      if (path.endsWith('/wp/v2/posts') && !revoked) {
        revoked = true
        await revoke()
      }
      return send()
    })
    host.goAhead(25)
    await expect(pull(host)).rejects.toMatchObject({ code: 'AUTH_FAILED' })
    expect(revoked).toBe(true)
    const { items } = await host.account.content.list({ siteId: host.siteId, type: 'post', limit: 500 })
    expect(items).toHaveLength(130)
    expect(await contentOf(host, laid.ids[0])).toMatchObject({ title: 'Row 1', removedAt: null })
  })

  it('believes no 404 that was meant for a stranger', async () => {
    const { wordpress } = site()
    const laid = await layOutPosts(wordpress)
    const { applicationPassword, revoke } = await createPassword()
    const host = await connectAndPull({ applicationPassword })
    const { id, version } = await contentOf(host, laid.ids[0])
    await host.account.content.update({ contentId: id, version, changes: { title: 'Edited here' } })
    await host.account.content.approve(id)
    await wordpress.php('wp_delete_post((int) $args, true); echo 1;', laid.ids[0])
    await revoke()
    await expect(host.account.sync.push({ contentId: id })).rejects.toMatchObject({ code: 'AUTH_FAILED' })
    expect(await contentOf(host, laid.ids[0])).toMatchObject({ title: 'Edited here', removedAt: null })
  })
})

import type { RunningWordPress } from '@igny8-tools/wordpress'
import { expect, it } from 'vitest'
import { type ConnectedHost, connectHost } from './connect-host.ts'
import { describeOnWordPress } from './with-wordpress.ts'

const dayMs = 86_400_000

/** A host whose site publishes by itself; pins only, so that every date is the test's. */
async function openHost(wordpress: RunningWordPress) {
  const host = await connectHost(wordpress)
  const { publishing } = host.account
  const { settings } = await publishing.settings.getOrCreateForSite(host.siteId)
  const changes = { mode: 'remote-future', timezone: 'UTC', dailyPublishLimit: 1 } as const
  await publishing.settings.update({ siteId: host.siteId, version: settings.version, changes })
  return {
    ...host,
    async pin(title: string, at: Date) {
      const { id } = await host.account.content.create({ siteId: host.siteId, type: 'post', title, body: '<p>x</p>' })
      await host.account.content.approve(id)
      await publishing.pin({ contentId: id, at })
      return id
    },
    tick: () => publishing.tick(host.siteId),
    unitOf: (id: string) => host.storage.publications.find(id),
    /** As WordPress holds them: status, date, and when its cron is to publish them. */
    async there(title: string) {
      return (await wordpress.php(
        `$posts = get_posts(['title' => $args['title'], 'post_type' => 'post', 'post_status' => ['publish', 'future', 'draft', 'trash'], 'numberposts' => -1]);
        echo json_encode(array_map(fn($post) => ['id' => $post->ID, 'status' => $post->post_status,
          'date' => $post->post_date_gmt, 'cron' => wp_next_scheduled('publish_future_post', [$post->ID])], $posts));`,
        { title },
      )) as { id: number; status: string; date: string; cron: number | false }[]
    },
  }
}

const inDays = (days: number) => new Date(Math.floor(Date.now() / 60_000) * 60_000 + days * dayMs)
const gmt = (at: Date) => at.toISOString().slice(0, 19).replace('T', ' ')

describeOnWordPress('contents that a real WordPress publishes by itself', (site) => {
  async function onHost(run: (host: ConnectedHost & Awaited<ReturnType<typeof openHost>>) => Promise<void>) {
    const host = await openHost(site().wordpress)
    try {
      await run(host)
    } finally {
      await host.close()
    }
  }

  it('are handed over with their date, published by its cron, and counted once it is seen', async () => {
    await onHost(async (host) => {
      const { wordpress } = site()
      const at = inDays(3)
      const id = await host.pin('By itself', at)
      expect(await host.tick()).toMatchObject({ 'handed-over': 1, published: 0 })
      const [post, ...others] = await host.there('By itself')
      expect([others, post?.status, post?.date]).toEqual([[], 'future', gmt(at)])
      expect(post?.cron).toBe(at.getTime() / 1_000)
      expect(await host.unitOf(id)).toMatchObject({ status: 'handed-over', countedAt: at })
      expect(await host.account.content.get(id)).toMatchObject({ status: 'scheduled', publishedAt: at })
      // Nothing is done about it again.
      expect(await host.tick()).toMatchObject({ 'handed-over': 0, published: 0, failed: 0 })

      // Three days pass: the date comes to WordPress, whose cron then does what it had planned.
      await wordpress.php(
        `global $wpdb; $then = gmdate('Y-m-d H:i:s', time() - 60);
        $wpdb->update($wpdb->posts, ['post_date' => get_date_from_gmt($then), 'post_date_gmt' => $then], ['ID' => $args['id']]);
        clean_post_cache($args['id']); check_and_publish_future_post($args['id']); echo 1;`,
        { id: post?.id },
      )
      host.goAhead(3 * 24 + 1)
      expect(await host.tick()).toMatchObject({ published: 1 })
      expect(await host.there('By itself')).toMatchObject([{ id: post?.id, status: 'publish' }])
      expect((await host.unitOf(id))?.status).toBe('published')
      expect((await host.account.publishing.queue({ siteId: host.siteId })).items).toEqual([])
    })
  })

  it('are moved and taken back, and are then published when somebody says so', async () => {
    await onHost(async (host) => {
      const { publishing } = host.account
      const id = await host.pin('Moved', inDays(2))
      await host.tick()
      const [first] = await host.there('Moved')
      await publishing.reschedule({ contentId: id, at: inDays(5) })
      await host.tick()
      expect(await host.there('Moved')).toMatchObject([
        { id: first?.id, status: 'future', date: gmt(inDays(5)), cron: inDays(5).getTime() / 1_000 },
      ])
      expect((await publishing.unschedule({ contentId: id })).status).toBe('approved')
      expect(await host.there('Moved')).toEqual([
        { id: first?.id, status: 'draft', date: '0000-00-00 00:00:00', cron: false },
      ])
      expect(await host.unitOf(id)).toBeUndefined()
      await host.account.content.publish(id)
      expect(await host.there('Moved')).toMatchObject([{ id: first?.id, status: 'publish', cron: false }])

      const overtaken = await host.pin('Overtaken', inDays(6))
      await host.tick()
      expect((await publishing.publishNow({ contentId: overtaken })).outcome).toBe('published')
      expect(await host.there('Overtaken')).toMatchObject([{ status: 'publish', cron: false }])
      expect((await host.unitOf(overtaken))?.status).toBe('published')
    })
  })

  it('take the date over that somebody sets in WordPress', async () => {
    await onHost(async (host) => {
      const { wordpress } = site()
      await host.account.sync.pull({ integrationId: host.integrationId })
      const id = await host.pin('Edited there', inDays(2))
      await host.tick()
      const [post] = await host.there('Edited there')
      await wordpress.php(
        `wp_update_post(['ID' => $args['id'], 'edit_date' => true, 'post_date_gmt' => $args['date'], 'post_date' => get_date_from_gmt($args['date'])]); echo 1;`,
        { id: post?.id, date: gmt(inDays(4)) },
      )
      await host.account.sync.pull({ integrationId: host.integrationId })
      expect(await host.unitOf(id)).toMatchObject({ status: 'handed-over', countedAt: inDays(4) })
      await wordpress.php(`wp_update_post(['ID' => $args['id'], 'post_status' => 'draft']); echo 1;`, { id: post?.id })
      await host.account.sync.pull({ integrationId: host.integrationId })
      expect(await host.unitOf(id)).toBeUndefined()
      expect((await host.account.content.get(id)).status).toBe('draft')
    })
  })

  it('are handed over once where the answer is lost', async () => {
    await onHost(async (host) => {
      const at = inDays(7)
      const id = await host.pin('Answer lost', at)
      host.intercept(async (request, send) => {
        const answer = await send()
        const isFinal = (await answer.clone().text()).includes('"status":"future"')
        if (request.method === 'POST' && isFinal) throw new TypeError('fetch failed')
        return answer
      })
      expect(await host.tick()).toMatchObject({ verifying: 1 })
      host.intercept(null)
      expect(await host.unitOf(id)).toMatchObject({ status: 'verifying', countedAt: at })
      host.goAhead(1)
      await host.tick()
      expect(await host.unitOf(id)).toMatchObject({ status: 'handed-over', countedAt: at })
      expect(await host.there('Answer lost')).toMatchObject([{ status: 'future', date: gmt(at) }])
    })
  })
})

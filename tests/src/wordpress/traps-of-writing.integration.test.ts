import type { Content, CreateContentInput } from '@igny8/core'
import { afterEach, expect, it } from 'vitest'
import { type ConnectedHost, connectHost, type HostOptions } from './connect-host.ts'
import { layOutPosts } from './laid-out-site.ts'
import { describeOnWordPress } from './with-wordpress.ts'

describeOnWordPress('traps of writing to a stock WordPress', (site) => {
  const open: ConnectedHost[] = []
  afterEach(async () => {
    for (const host of open.splice(0)) await host.close()
  })

  async function connectAndPull(options: HostOptions = {}) {
    const laid = await layOutPosts(site().wordpress, { count: 3 })
    const host = await connectHost(site().wordpress, options)
    open.push(host)
    await host.account.sync.pull({ integrationId: host.integrationId })
    return { laid, host }
  }
  const approved = async ({ account, siteId }: ConnectedHost, fields: Partial<CreateContentInput>) => {
    const content = await account.content.create({ siteId, type: 'post', title: 'Pushed', ...fields })
    await account.content.approve(content.id)
    return content
  }
  const edited = async ({ account }: ConnectedHost, id: string, changes: Partial<Pick<Content, 'title' | 'body'>>) => {
    const { version } = await account.content.get(id)
    await account.content.update({ contentId: id, version, changes })
    return account.content.approve(id)
  }
  const postsBeside = async (laidIds: readonly string[]) =>
    (await site().wordpress.readSite()).posts.filter(
      (post) => post.type === 'post' && post.status !== 'auto-draft' && !laidIds.includes(String(post.id)),
    )
  const isWrite = (method: string, path: string) => method !== 'GET' && path.includes('/wp/v2/')
  const lost = () => Promise.reject(Object.assign(new TypeError('fetch failed'), { cause: { code: 'ECONNRESET' } }))

  it('makes one post of a create whose answer was lost, however often and wherever it is pushed again', async () => {
    const { laid, host } = await connectAndPull()
    const { id: contentId } = await approved(host, { title: 'Only once', slug: 'only-once' })
    let isDown = false
    host.intercept(async ({ method, path }, send) => {
      if (isDown) return lost()
      const answer = await send()
      if (method === 'POST' && path.endsWith('/wp/v2/posts')) {
        isDown = true
        return lost()
      }
      return answer
    })
    const push = { contentId, integrationId: host.integrationId }
    await expect(host.account.sync.push(push)).rejects.toMatchObject({ effect: 'unknown' })
    expect(await postsBeside(laid.ids)).toMatchObject([{ status: 'draft' }])
    host.intercept(null)
    const another = host.secondProcess()
    const outcomes = await Promise.allSettled([host.account.sync.push(push), another.sync.push(push)])
    expect(outcomes.some((outcome) => outcome.status === 'fulfilled')).toBe(true)
    await another.sync.push(push)
    await host.account.sync.run({ integrationId: host.integrationId })
    expect(await postsBeside(laid.ids)).toMatchObject([{ title: 'Only once', slug: 'only-once', status: 'publish' }])
    const { items } = await host.account.content.list({ siteId: host.siteId, type: 'post', limit: 500 })
    expect(items).toHaveLength(laid.ids.length + 1)
  })

  it('brings the default category of a post without terms home, also where its create arrived twice and was not answered', async () => {
    const { laid, host } = await connectAndPull()
    const { account, integrationId, siteId } = host
    const [answered, unanswered, unwanted] = [
      await approved(host, { title: 'Answered' }),
      await approved(host, { title: 'Lost' }),
      await approved(host, { title: 'Removed' }),
    ]
    await account.sync.push({ contentId: answered.id, integrationId })
    let isLookedFor = true
    host.intercept(async ({ method, url, path }, send) => {
      const answer = await send()
      if (url.includes('slug=') && !isLookedFor) return lost()
      if (method !== 'POST' || !path.endsWith('/wp/v2/posts')) return answer
      await send()
      return lost()
    })
    await account.sync.push({ contentId: unanswered.id, integrationId })
    isLookedFor = false
    await expect(account.sync.push({ contentId: unwanted.id, integrationId })).rejects.toMatchObject({
      effect: 'unknown',
    })
    await account.content.remove(unwanted.id)
    let writes = 0
    host.intercept(({ method, path }, send) => {
      if (isWrite(method, path)) writes++
      return send()
    })
    host.goAhead(1)
    await account.sync.run({ integrationId })
    expect((await postsBeside(laid.ids)).map(({ title, status, terms }) => [title, status, terms[0]?.slug])).toEqual([
      ['Answered', 'publish', 'uncategorized'],
      ['Lost', 'publish', 'uncategorized'],
      ['Lost', 'trash', 'uncategorized'],
      ['Removed', 'trash', 'uncategorized'],
      ['Removed', 'trash', 'uncategorized'],
    ])
    // The two that nobody wants go into the trash.
    expect(writes).toBe(2)
    const [uncategorized] = (await account.taxonomies.list({ siteId, type: 'category' })).items
    for (const { id } of [answered, unanswered])
      expect(await account.content.get(id)).toMatchObject({ status: 'published', taxonomyIds: [uncategorized?.id] })
    expect((await account.conflicts.list({ status: 'open' })).items).toEqual([])
  })

  it('reports what WordPress dropped behind a 200, and takes what it holds for the base', async () => {
    const { wordpress } = site()
    const { username, applicationPassword } = wordpress.users.author
    const term = Number(
      await wordpress.php('echo json_encode(wp_insert_term("Goes " . uniqid(), "category")["term_id"]);'),
    )
    const { laid, host } = await connectAndPull({ username, applicationPassword })
    const [link] = await host.storage.links.findByExternalIds(host.integrationId, 'taxonomy', [String(term)])
    await wordpress.php('wp_delete_term((int) $args, "category"); echo 1;', term)
    const body = '<p>Kept</p><iframe src="https://example.com/embed"></iframe>'
    const content = await approved(host, {
      body,
      bodyFormat: 'html',
      taxonomyIds: [link?.localId ?? ''],
      meta: { nobody_knows: 'x' },
    })
    const { outcomes } = await host.account.content.publish(content.id)
    const [outcome] = outcomes
    if (outcome?.ok !== true) throw new Error('The push failed.')
    expect(outcome.differences).toEqual(
      expect.arrayContaining([
        { field: 'body', kind: 'stripped', asked: body, got: '<p>Kept</p>' },
        expect.objectContaining({ field: 'terms.category', asked: `["${term}"]` }),
        expect.objectContaining({ field: 'meta.nobody_knows', kind: 'ignored', asked: 'x' }),
      ]),
    )
    expect(await postsBeside(laid.ids)).toMatchObject([{ content: '<p>Kept</p>', status: 'publish' }])
    const baseOf = async () => (await host.storage.links.findByLocalIds(host.integrationId, 'content', [content.id]))[0]
    expect(await baseOf()).toMatchObject({ remoteBase: { body: '<p>Kept</p>' }, localBase: { body } })

    const longer = `${body}<p>More</p>`
    await edited(host, content.id, { body: longer })
    const stripped = { field: 'body', kind: 'stripped', asked: longer, got: '<p>Kept</p><p>More</p>' }
    expect(await host.account.sync.push({ contentId: content.id })).toMatchObject([{ differences: [stripped] }])
    const [post] = await postsBeside(laid.ids)
    expect(await baseOf()).toMatchObject({ remoteBase: { body: post?.content }, localBase: { body: longer } })

    const writes: string[] = []
    host.intercept((request, send) => {
      if (isWrite(request.method, request.path)) writes.push(`${request.method} ${request.path}`)
      return send()
    })
    const { counts } = await host.account.sync.run({ integrationId: host.integrationId })
    expect(counts).toMatchObject({ created: 0, updated: 0, conflicts: 0, failed: 0 })
    expect(writes).toEqual([])
    expect(await host.account.content.get(content.id)).toMatchObject({ body: longer, pendingChanges: false })
    expect(await postsBeside(laid.ids)).toEqual([post])
  })

  /** Pushes a change of the body while somebody edits the post between our read and our write. */
  async function pushAgainst(theirEdit: object) {
    const { laid, host } = await connectAndPull()
    const content = await approved(host, {
      title: 'Shared',
      body: '<p>Agreed</p>',
      bodyFormat: 'html',
      excerpt: 'Agreed',
    })
    await host.account.content.publish(content.id)
    const [post] = await postsBeside(laid.ids)
    await edited(host, content.id, { body: '<p>Ours</p>' })
    let edits = 0
    host.intercept(async ({ method, path }, send) => {
      if (method === 'POST' && path.endsWith(`/posts/${post?.id}`) && ++edits === 1)
        await laid.edit(`posts/${post?.id}`, theirEdit)
      return send()
    })
    const outcomes = await host.account.sync.push({ contentId: content.id })
    host.intercept(null)
    expect([edits, outcomes]).toMatchObject([1, [{ ok: true, action: 'updated' }]])
    return { laid, host, content }
  }

  it('keeps an edit of another field that came between our read and our write', async () => {
    const { laid, host, content } = await pushAgainst({ excerpt: 'Theirs', title: 'Their title' })
    const merged = { body: '<p>Ours</p>', excerpt: 'Theirs', title: 'Their title' }
    expect(await host.account.content.get(content.id)).toMatchObject({ ...merged, pendingChanges: false })
    await host.account.sync.run({ integrationId: host.integrationId })
    expect(await host.account.content.get(content.id)).toMatchObject({ ...merged, pendingChanges: false })
    expect(await postsBeside(laid.ids)).toMatchObject([
      { content: '<p>Ours</p>', excerpt: 'Theirs', title: 'Their title' },
    ])
  })

  it('keeps the text that our write replaced unseen as a conflict', async () => {
    const { host, content } = await pushAgainst({ content: '<p>Theirs, an hour of work</p>' })
    const { items } = await host.account.conflicts.list({ integrationId: host.integrationId, status: 'open' })
    expect(items).toMatchObject([
      {
        contentId: content.id,
        fields: [
          { field: 'body', base: '<p>Agreed</p>', ours: '<p>Ours</p>', theirs: '<p>Theirs, an hour of work</p>' },
        ],
      },
    ])
    await host.account.sync.run({ integrationId: host.integrationId })
    expect((await host.account.conflicts.list({ status: 'open' })).items).toHaveLength(1)
  })
})

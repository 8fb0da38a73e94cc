import { createHmac } from 'node:crypto'
import { compare, livingPosts, type Operation, runSync } from './operation.ts'
import type { World } from './world.ts'

const hourMs = 3_600_000

export const connecting: Operation = {
  name: 'connect',
  async prepare(world) {
    const { account } = world
    const leftBehind: string[] = []
    return {
      edits: [],
      async act() {
        await world.connect().catch(async (error: unknown) => {
          if ((await account.connections.list()).count > 0 || (await account.sites.list()).count > 0)
            leftBehind.push('a failed connection was saved')
          throw error
        })
      },
      async findProblems(site) {
        const [connections, sites] = [await account.connections.list(), await account.sites.list()]
        return [
          ...leftBehind,
          ...compare('connections', { count: 1 }, connections),
          ...compare('sites', { count: 1 }, sites),
          ...compare('posts on the site', { length: 0 }, site.posts),
        ]
      },
    }
  },
}

export const firstPull: Operation = {
  name: 'first pull',
  async prepare(world) {
    await world.connect()
    const { editor, token } = world
    const categories = [await editor.createTerm('categories', `${token} category`)]
    const bodies = [1, 2, 3, 4].map((number) => `<p>${token} written there ${number}</p>`)
    for (const [index, content] of bodies.entries())
      await editor.createPost({
        title: `${token} ${index}`,
        content,
        categories,
        status: index === 3 ? 'draft' : 'publish',
      })
    return {
      edits: bodies,
      act: () => runSync(world, 'pull'),
      async findProblems() {
        const { items, count } = await world.account.content.list()
        return [
          ...compare('contents here', { count: 4 }, { count }),
          ...bodies.flatMap((body, index) => {
            const found = items.find(({ title }) => title === `${token} ${index}`)
            return compare(
              `content ${index}`,
              { body, terms: 1 },
              found && { ...found, terms: found.taxonomyIds.length },
            )
          }),
        ]
      },
    }
  },
}

export const laterPull: Operation = {
  name: 'later pull with edits',
  async prepare(world) {
    await world.connect()
    const { editor, token, account, clock } = world
    const write = (name: string) =>
      editor.createPost({ title: `${token} ${name}`, content: `<p>${token} first ${name}</p>` })
    const ids = { both: await write('both'), there: await write('there'), trashed: await write('trashed') }
    const deleted = await write('deleted')
    await runSync(world, 'pull')
    const { items } = await account.content.list()
    const find = (name: string) => items.find(({ title }) => title === `${token} ${name}`)
    const both = find('both')
    if (both === undefined) throw new Error('The first pull brought nothing.')
    const ours = `<p>${token} ours</p>`
    const theirs = `<p>${token} theirs</p>`
    await account.content.update({ contentId: both.id, version: both.version, changes: { body: ours } })
    await editor.updatePost(ids.both, { excerpt: `${token} their excerpt` })
    await editor.updatePost(ids.there, { content: theirs })
    await editor.trashPost(ids.trashed)
    await editor.deletePost(deleted)
    await write('new')
    // What was deleted is looked for once a day.
    await clock.moveOn(25 * hourMs)
    return {
      edits: [ours, theirs, `${token} their excerpt`, `${token} first new`],
      act: () => runSync(world, 'pull'),
      async findProblems(site) {
        const standing = (await account.content.list({ limit: 100 })).items
        const now = (name: string) =>
          standing.find(({ title, removedAt }) => title === `${token} ${name}` && removedAt === null)
        const gone = async (name: string) => {
          const id = find(name)?.id ?? ''
          return (await account.content.get(id)).removedAt === null ? [`${name} is still here`] : []
        }
        const [onSite] = livingPosts(site, `${token} both`)
        return [
          ...compare('both here', { body: ours, excerpt: `${token} their excerpt`, pendingChanges: true }, now('both')),
          ...compare('both there', { content: `<p>${token} first both</p>` }, onSite),
          ...compare('there', { body: theirs }, now('there')),
          ...compare('new', { body: `<p>${token} first new</p>` }, now('new')),
          ...(await gone('trashed')),
          ...(await gone('deleted')),
        ]
      },
    }
  },
}

export const webhook: Operation = {
  name: 'webhook',
  async prepare(world) {
    await world.connect()
    const { editor, token, account } = world
    const write = (name: string) =>
      editor.createPost({ title: `${token} ${name}`, content: `<p>${token} first ${name}</p>` })
    const [edited, gone] = [await write('edited'), await write('gone')]
    await write('other')
    await runSync(world, 'pull')
    const { integrationId } = world.connection()
    const { secret } = await account.connections.createWebhookSecret({ integrationId })
    const theirs = `<p>${token} theirs</p>`
    await editor.updatePost(edited, { content: theirs })
    await editor.deletePost(gone)
    const created = await write('created')
    const replies = [
      await tell(world, secret, edited),
      await tell(world, secret, gone),
      await tell(world, secret, created),
    ]
    return {
      edits: [theirs, `${token} first created`],
      async act() {
        await world.igny8.runDue()
        const dirty = await world.stored.webhooks.listDirty(integrationId, 500)
        if (dirty.length > 0) throw new Error(`${dirty.length} items are still dirty`)
      },
      async findProblems() {
        const { items } = await account.content.list({ limit: 100 })
        const now = (name: string) =>
          items.find(({ title, removedAt }) => title === `${token} ${name}` && removedAt === null)
        return [
          ...replies.flatMap((status) => (status === 202 ? [] : [`a delivery was answered ${status}`])),
          ...compare('edited', { body: theirs }, now('edited')),
          ...compare('created', { body: `<p>${token} first created</p>` }, now('created')),
          ...(now('gone') === undefined ? [] : ['gone is still here']),
        ]
      },
    }
  },
}

async function tell(world: World, secret: string, postId: number): Promise<number> {
  const id = `msg_${world.token}_${postId}`
  const payload = { action: 'post_updated', post_id: postId, post_type: 'post', site_url: world.proxy.url }
  const body = Buffer.from(JSON.stringify(payload))
  const timestamp = String(Math.floor(world.clock.now().getTime() / 1_000))
  const key = Buffer.from(secret.replace('whsec_', ''), 'base64')
  const signature = createHmac('sha256', key).update(`${id}.${timestamp}.`).update(body).digest('base64')
  const headers = { 'webhook-id': id, 'webhook-timestamp': timestamp, 'webhook-signature': `v1,${signature}` }
  return (await world.igny8.webhooks.receive({ platform: 'wordpress', body, headers })).status
}

import { compare, livingPosts, type Operation, runSync } from './operation.ts'

export const removals: readonly Operation[] = (['trash', 'delete'] as const).map((deletions) => ({
  name: `remove, ${deletions}`,
  async prepare(world) {
    const { integrationId } = await world.connect()
    const { account } = world
    await account.connections.update({ integrationId, changes: { config: { deletions } } })
    const content = await world.approved('removed')
    await account.content.publish(content.id)
    await runSync(world)
    await account.content.remove(content.id)
    return {
      edits: [content.body],
      act: () => runSync(world),
      async findProblems(site) {
        const statuses = site.posts.filter(({ title }) => title === content.title).map(({ status }) => status)
        const isRemoved = (await account.content.get(content.id)).removedAt !== null
        return [
          ...compare('the site', { statuses: deletions === 'trash' ? ['trash'] : [] }, { statuses }),
          ...(isRemoved ? [] : ['the content is back']),
        ]
      },
    }
  },
}))

export const conflict: Operation = {
  name: 'conflict and resolve',
  async prepare(world) {
    await world.connect()
    const { account, token, editor } = world
    const content = await world.approved('contested')
    await account.content.publish(content.id)
    const [post] = livingPosts(await world.wordpress.readSite(), content.title)
    const [ours, theirs] = [`<p>${token} alpha ours</p>`, `<p>${token} omega theirs</p>`]
    await editor.updatePost(post?.id ?? 0, { content: theirs })
    await world.editAndApprove(content.id, { body: ours })
    let isResolved = false
    const findOpen = async () => (await account.conflicts.list({ contentId: content.id, status: 'open' })).items[0]
    return {
      edits: [ours, theirs],
      async act() {
        if (!isResolved) {
          if ((await findOpen()) === undefined) await runSync(world)
          const open = await findOpen()
          if (open === undefined) throw new Error('no conflict was found')
          const fields = Object.fromEntries(open.fields.map(({ field }) => [field, 'ours' as const]))
          await account.conflicts.resolve({ conflictId: open.id, fields })
          isResolved = true
        }
        await account.content.approve(content.id)
        await account.content.publish(content.id)
      },
      async findProblems(site) {
        return [
          ...compare('the post', { content: ours, status: 'publish' }, livingPosts(site, content.title)[0]),
          ...compare('the content', { body: ours, pendingChanges: false }, await account.content.get(content.id)),
          ...((await findOpen()) === undefined ? [] : ['the conflict is open again']),
        ]
      },
    }
  },
}

export const bothWays: Operation = {
  name: 'sync both ways',
  async prepare(world) {
    await world.connect()
    const { account, token, editor } = world
    const [here, there] = [await world.approved('edited here'), await world.approved('edited there')]
    for (const { id } of [here, there]) await account.content.publish(id)
    const [post] = livingPosts(await world.wordpress.readSite(), there.title)
    const [ours, theirs] = [`<p>${token} ours</p>`, `<p>${token} theirs</p>`]
    await editor.updatePost(post?.id ?? 0, { content: theirs })
    await editor.createPost({ title: `${token} from there`, content: `<p>${token} from there</p>` })
    await world.editAndApprove(here.id, { body: ours })
    return {
      edits: [ours, theirs, `<p>${token} from there</p>`],
      act: () => runSync(world),
      async findProblems(site) {
        const { items } = await account.content.list()
        return [
          ...compare('edited here, there', { content: ours, status: 'publish' }, livingPosts(site, here.title)[0]),
          ...compare('edited here', { body: ours, pendingChanges: false }, await account.content.get(here.id)),
          ...compare('edited there', { body: theirs }, await account.content.get(there.id)),
          ...compare(
            'from there',
            { status: 'published' },
            items.find(({ title }) => title === `${token} from there`),
          ),
        ]
      },
    }
  },
}

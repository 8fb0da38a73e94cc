import type { Content } from '@igny8/core'
import { compare, livingPosts, type Operation } from './operation.ts'
import { uniquePng } from './world.ts'

export const publishNew: Operation = {
  name: 'publish new',
  async prepare(world) {
    const { siteId } = await world.connect()
    const { account, token } = world
    const parent = await account.taxonomies.create({ siteId, type: 'category', name: `${token} parent` })
    const child = await account.taxonomies.create({
      siteId,
      type: 'category',
      name: `${token} child`,
      parentId: parent.id,
    })
    const tag = await account.taxonomies.create({ siteId, type: 'tag', name: `${token} tag` })
    const { bytes, sha256 } = uniquePng(token)
    const image = await account.images.create({ siteId, bytes, alt: `${token} alt`, title: `${token} image` })
    const taxonomyIds = [child.id, tag.id]
    const content = await world.approved('new', { taxonomyIds, featuredImageId: image.id, excerpt: `${token} excerpt` })
    return {
      edits: [content.body, content.excerpt],
      images: [sha256],
      act: async () => void (await account.content.publish(content.id)),
      async findProblems(site) {
        const [post] = livingPosts(site, content.title)
        const thumbnail = site.attachments.find(({ id }) => id === post?.thumbnailId)
        const terms = post?.terms.map(({ name }) => name.replace(`${token} `, '')).sort()
        const found = post && { ...post, terms, image: thumbnail?.sha256, alt: thumbnail?.altText }
        const wanted = { content: content.body, excerpt: content.excerpt, status: 'publish', slug: `${token}-new` }
        const head = await account.content.get(content.id)
        return [
          ...compare('the post', { ...wanted, terms: ['child', 'tag'], image: sha256, alt: `${token} alt` }, found),
          ...compare('the content', { status: 'published', pendingChanges: false, body: content.body }, head),
        ]
      },
    }
  },
}

export const publishUpdate: Operation = {
  name: 'publish an update',
  async prepare(world) {
    await world.connect()
    const { account, token, editor } = world
    const content = await world.approved('update')
    await account.content.publish(content.id)
    const [post] = livingPosts(await world.wordpress.readSite(), content.title)
    const excerpt = `${token} their excerpt`
    await editor.updatePost(post?.id ?? 0, { excerpt })
    const body = `<p>${token} our second</p>`
    await world.editAndApprove(content.id, { body })
    return {
      edits: [body, excerpt],
      act: async () => void (await account.content.publish(content.id)),
      async findProblems(site) {
        const head = await account.content.get(content.id)
        return [
          ...compare('the post', { content: body, excerpt, status: 'publish' }, livingPosts(site, content.title)[0]),
          ...compare('the content', { body, excerpt, status: 'published', pendingChanges: false }, head),
        ]
      },
    }
  },
}

export const pushTen: Operation = {
  name: 'push ten',
  async prepare(world) {
    await world.connect()
    const { account } = world
    const contents: Content[] = []
    for (let number = 1; number <= 10; number++) contents.push(await world.approved(`many ${number}`))
    const contentIds = contents.map(({ id }) => id)
    return {
      edits: contents.map(({ body }) => body),
      async act() {
        for (const outcome of await account.sync.pushMany({ contentIds })) if (!outcome.ok) throw outcome.error
      },
      async findProblems(site) {
        const problems: string[] = []
        for (const { id, title, body } of contents) {
          problems.push(...compare(title, { content: body, status: 'publish' }, livingPosts(site, title)[0]))
          problems.push(...compare(`${title} here`, { status: 'published' }, await account.content.get(id)))
        }
        return problems
      },
    }
  },
}

export const unpublish: Operation = {
  name: 'unpublish',
  async prepare(world) {
    await world.connect()
    const { account } = world
    const content = await world.approved('unpublish')
    await account.content.publish(content.id)
    return {
      edits: [content.body],
      act: async () => void (await account.sync.unpublish({ contentId: content.id })),
      async findProblems(site) {
        const [post] = livingPosts(site, content.title)
        return [
          ...compare('the post', { content: content.body, status: 'draft' }, post),
          ...compare('the content', { status: 'approved', body: content.body }, await account.content.get(content.id)),
        ]
      },
    }
  },
}

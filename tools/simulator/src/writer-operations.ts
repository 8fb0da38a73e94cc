import { deflateSync } from 'node:zlib'
import type { Content } from '@igny8/core'
import type { Dice } from './create-dice.ts'
import type { EditedField } from './edit-ledger.ts'
import type { Host } from './host.ts'
import { editBody, writeBody } from './simulated-body.ts'
import { approve, listContents, name, shortId } from './sync-operations.ts'
import type { Worker, World } from './world.ts'

/** What writers do with the contents here. One of it, by the dice. */
export async function writeSomething(world: World, host: Host, by: Worker, dice: Dice): Promise<void> {
  const { attempt } = host
  const { content: api } = by.account
  const contents = await listContents(world, true)
  const living = contents.filter(({ removedAt }) => removedAt === null)
  const content = living.length === 0 ? undefined : dice.pick(living)
  const kind = dice.weigh([
    [living.filter(({ origin }) => origin === 'local').length < 3 ? 20 : 3, 'create'],
    [14, 'update'],
    [1, 'submit'],
    [16, 'approve'],
    [1, 'reject'],
    [1.5 * world.mood.removing, 'remove'],
    [1.5 * world.mood.removing, 'restore'],
  ])
  if (kind === 'create') return createContent(world, host, by, dice)
  if (kind === 'restore') {
    const removed = contents.filter(({ removedAt }) => removedAt !== null)
    if (removed.length === 0) return
    const { id } = dice.pick(removed)
    await attempt(by, `restore ${shortId(id)}`, () => api.restore(id))
    return
  }
  if (content === undefined) return
  if (kind === 'update') return update(world, host, by, dice, content)
  const { id } = content
  if (kind === 'submit') await attempt(by, `submit ${name(content)}`, () => api.submit(id))
  if (kind === 'approve') await approve(world, host, by, id)
  if (kind === 'reject') await attempt(by, `reject ${name(content)}`, () => api.reject(id))
  if (kind === 'remove') {
    const published = living.filter(({ status, origin }) => status === 'published' && origin === 'local')
    const unwanted = published.length > 0 && dice.chance(0.7) ? dice.pick(published) : content
    await attempt(by, `remove ${name(unwanted)}`, () => api.remove(unwanted.id))
  }
}

/** A new content, in most cases approved. */
export async function createContent(world: World, host: Host, by: Worker, dice: Dice): Promise<void> {
  const { ledger } = world
  const [opening, title] = [ledger.newToken(), ledger.newToken()]
  const style = dice.pick(['blocks', 'html'] as const)
  const type = world.setting.hasBooks ? dice.pick(['post', 'post', 'book']) : 'post'
  const given = {
    siteId: host.siteId,
    type,
    // WordPress trims a title, which is no edit.
    title: `Title ${title} here${dice.chance(0.2) ? ' ' : ''}`,
    body: writeBody(style, [`${opening} opens`, 'The second paragraph.', 'The third one.']),
    bodyFormat: style,
    ...(dice.chance(0.3) ? { slug: `slug-${title}` } : {}),
    ...(type === 'post' && dice.chance(0.4) ? { taxonomyIds: await termIds(host, by, dice) } : {}),
    ...(dice.chance(0.3) ? { featuredImageId: await imageId(host, by, dice) } : {}),
  }
  const { attempt } = host
  const content = await attempt(by, `create a ${type} (${title})`, () => by.account.content.create(given))
  if (content === undefined) return
  ledger.record({ token: opening, side: 'ours', field: 'body', of: content.id })
  ledger.record({ token: title, side: 'ours', field: 'title', of: content.id })
  if (dice.chance(0.8)) await approve(world, host, by, content.id)
}

async function update(world: World, host: Host, by: Worker, dice: Dice, content: Content): Promise<void> {
  const tokens: string[] = []
  const token = (): string => {
    const made = world.ledger.newToken()
    tokens.push(made)
    return made
  }
  const kind = dice.weigh<EditedField | 'image'>([
    [4, 'body'],
    [3, 'title'],
    [1.5, 'excerpt'],
    [1, 'slug'],
    [content.type === 'post' ? 1 : 0, 'terms'],
    [0.7, 'meta'],
    [0.7, 'image'],
  ])
  const changes = {
    ...(kind === 'body' ? { body: editBody(content.body, dice, token) } : {}),
    ...(kind === 'title' ? { title: `Title ${token()} here${dice.chance(0.2) ? ' ' : ''}` } : {}),
    ...(kind === 'excerpt' ? { excerpt: `Excerpt ${token()} here` } : {}),
    ...(kind === 'slug' ? { slug: `slug-${token()}-here` } : {}),
    ...(kind === 'terms' ? { taxonomyIds: await termIds(host, by, dice) } : {}),
    ...(kind === 'meta' ? { meta: { ...content.meta, subtitle: `Subtitle ${token()} here` } } : {}),
    ...(kind === 'image' ? { featuredImageId: await imageId(host, by, dice) } : {}),
  }
  const { attempt } = host
  const told = `update ${kind} of ${name(content)} (${tokens.join(' ')})`
  const { id: contentId, version } = content
  const updated = await attempt(by, told, () => by.account.content.update({ contentId, version, changes }))
  if (updated === undefined) return
  for (const made of tokens)
    world.ledger.record({ token: made, side: 'ours', field: kind === 'image' ? 'body' : kind, of: contentId })
  if (dice.chance(0.6)) await approve(world, host, by, contentId)
}

/** Of few names, so that the site and others have them too. */
async function termIds(host: Host, by: Worker, dice: Dice): Promise<string[]> {
  const { taxonomies } = by.account
  const { siteId } = host
  const type = dice.pick(['category', 'tag'])
  const title = dice.pick(['News', 'Travel', 'R&D', 'Food'])
  const listed = await host.attempt(by, 'list terms', () => taxonomies.list({ siteId, type }))
  const standing = listed?.items.find((term) => term.name === title && term.removedAt === null)
  if (standing !== undefined) return [standing.id]
  const made = await host.attempt(by, `create term ${title}`, () => taxonomies.create({ siteId, type, name: title }))
  return made === undefined ? [] : [made.id]
}

async function imageId(host: Host, by: Worker, dice: Dice): Promise<string | null> {
  const { images } = by.account
  const bytes = drawImage(dice.between(1, 4))
  const made = await host.attempt(by, 'create an image', () =>
    images.create({ siteId: host.siteId, bytes, alt: 'A picture', title: 'Picture' }),
  )
  return made?.id ?? null
}

/** A PNG of one pixel in one of few shades, so that the same bytes come again. */
function drawImage(shade: number): Uint8Array<ArrayBuffer> {
  const known = drawn.get(shade)
  if (known !== undefined) return known
  const header = Buffer.from([0, 0, 0, 1, 0, 0, 0, 1, 8, 2, 0, 0, 0])
  const image = Buffer.concat([
    Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]),
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.from([0, shade, shade, shade]))),
    chunk('IEND', Buffer.alloc(0)),
  ])
  drawn.set(shade, image)
  return image
}

const drawn = new Map<number, Uint8Array<ArrayBuffer>>()

/** The sum at the end is left out: nobody here draws the picture. */
function chunk(type: string, data: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(data.length)
  return Buffer.concat([length, Buffer.from(type, 'latin1'), data, Buffer.alloc(4)])
}

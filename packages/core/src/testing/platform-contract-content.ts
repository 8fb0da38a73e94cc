import assert from 'node:assert/strict'
import { isIgny8Error } from '../errors/igny8-error.ts'
import type { RemoteWrite } from '../ports/platform-content.ts'
import { failsWithoutEffect, findTaxonomy, type PlatformSuite } from './platform-contract-suite.ts'

const blocks = `<!-- wp:paragraph {"className":"a-b"} -->
<p class="a-b">Ünïcödé, “quotes”, 'single' &amp; a \\backslash, \t tab — 😀👩‍👩‍👧 and שלום مرحبا</p>
<!-- /wp:paragraph -->

<!-- wp:html -->
<table data-x='{"a":1}'><tr><td>1 &lt; 2</td></tr></table>
<!-- /wp:html -->`

const titles = [
  'Fish & chips: 100% “fresh”, it\'s "good"',
  '😀 emoji 👩‍👩‍👧 and שלום עולם مرحبا',
  'A \\ backslash, a /slash/, {braces} $1 %s',
]

/** Names that no item and no term has. */
const nobody = '999999999'

export function platformContentContract({ describe, test }: PlatformSuite): void {
  describe('items', () => {
    test('creates a draft and reads back what it returned', async ({ create, read, name, type }) => {
      const created = await create({ title: name, body: '<p>one</p>', excerpt: 'two', slug: name, state: 'draft' })
      assert.equal(created.type, type)
      assert.equal(created.state, 'draft')
      assert.equal(created.fields.slug, name)
      assert.equal(created.fields.title, name)
      assert.equal(created.fields.excerpt, 'two')
      assert.equal(created.publishedAt, null)
      assert.deepEqual(await read(created.externalId), created)
    })

    test('asks right before a create leaves, and creates nothing where the answer is no', async ({
      client,
      name,
      type,
    }) => {
      const no = new Error('not any more')
      const beforeSend = async () => {
        throw no
      }
      const fields = { title: name, slug: name, state: 'draft' } as const
      await assert.rejects(client.content.create({ type, fields }, { beforeSend }), no)
      const { batch } = client.content
      if (batch !== undefined) await assert.rejects(batch.run([{ kind: 'create', type, fields }], { beforeSend }), no)
      assert.deepEqual(await client.content.findByMarker({ type, marker: name }), [])
    })

    test('keeps the body byte for byte', async ({ create, read, name }) => {
      for (const body of [blocks, '<p>plain</p>\n\n<p>html</p>', '']) {
        const { externalId } = await create({ title: name, body })
        assert.equal((await read(externalId)).fields.body, body)
      }
    })

    test('keeps titles and excerpts with quotes, ampersands, emoji and right-to-left text', async ({
      create,
      read,
    }) => {
      for (const title of titles) {
        const { externalId } = await create({ title, excerpt: title })
        const { fields } = await read(externalId)
        assert.equal(fields.title, title)
        assert.equal(fields.excerpt, title)
      }
    })

    test('publishes a draft at once, under an address', async ({ create, client, type, name }) => {
      const { externalId } = await create({ title: name, body: 'x' })
      const published = await client.content.update({
        type,
        externalId,
        fields: { state: 'published', slug: `${name}-b` },
      })
      assert.equal(published.state, 'published')
      assert.equal(published.fields.slug, `${name}-b`)
      assert.notEqual(published.url, null)
      assert.ok(published.publishedAt !== null)
      const sinceWritten = Math.abs(published.publishedAt.getTime() - published.modifiedAt.getTime())
      assert.ok(sinceWritten < 60_000, 'the time of publication is not now')
    })

    test('takes a published item back to draft', async ({ create, client, type, name }) => {
      const { externalId, state } = await create({ title: name, state: 'published' })
      assert.equal(state, 'published')
      const taken = await client.content.update({ type, externalId, fields: { state: 'draft' } })
      assert.equal(taken.state, 'draft')
    })

    test('takes a date at which it publishes by itself, gives it up, and goes past it', async (given) => {
      const { create, client, type, name, read } = given
      if (!given.futureDates) return
      const { externalId, modifiedAt } = await create({ title: name })
      const publishAt = new Date(modifiedAt.getTime() + 86_400_000)
      const update = (fields: RemoteWrite) => client.content.update({ type, externalId, fields })
      const scheduled = await update({ state: 'scheduled', publishAt })
      assert.deepEqual([scheduled.state, scheduled.publishedAt], ['scheduled', publishAt])
      assert.deepEqual(await read(externalId), scheduled)
      const taken = await update({ state: 'draft', publishAt: null })
      assert.deepEqual([taken.state, taken.publishedAt], ['draft', null])
      assert.equal(
        (await update({ state: 'published' })).state,
        'published',
        'a date that was given up does not come back',
      )
      await update({ state: 'draft', publishAt: null })
      await update({ state: 'scheduled', publishAt })
      const published = await update({ state: 'published', publishAt: modifiedAt })
      assert.deepEqual([published.state, published.publishedAt], ['published', modifiedAt])
    })

    test('changes the given fields only', async ({ create, client, type, name }) => {
      const created = await create({ title: name, body: blocks, excerpt: 'kept', slug: name })
      const changes: RemoteWrite[] = [
        { title: 'new' },
        { body: '<p>new</p>' },
        { excerpt: 'new' },
        { slug: `${name}-new` },
      ]
      let before = created
      for (const fields of changes) {
        const after = await client.content.update({ type, externalId: created.externalId, fields })
        const [changed = ''] = Object.keys(fields)
        assert.deepEqual(without(after.fields, changed), without(before.fields, changed))
        assert.equal(after.state, before.state)
        assert.deepEqual({ [changed]: Reflect.get(after.fields, changed) }, fields)
        before = after
      }
    })

    test('sets and clears terms as a whole', async (given) => {
      const { create, createTerm, client, type, name } = given
      const taxonomy = await findTaxonomy(given, false)
      if (taxonomy === undefined) return
      const one = (await createTerm({ type: taxonomy.type, name: `${name} one` })).term.externalId
      const two = (await createTerm({ type: taxonomy.type, name: `${name} two` })).term.externalId
      const created = await create({ title: name, terms: { [taxonomy.type]: [one, two] } })
      assert.deepEqual(new Set(created.fields.terms[taxonomy.type]), new Set([one, two]))
      const { externalId } = created
      const set = (ids: readonly string[]) =>
        client.content.update({ type, externalId, fields: { terms: { [taxonomy.type]: ids } } })
      assert.deepEqual((await set([two])).fields.terms[taxonomy.type], [two])
      assert.deepEqual((await set([])).fields.terms[taxonomy.type], [])
    })

    test('proves absence for ids that never were and for deleted ones, and only then', async ({
      create,
      client,
      type,
      name,
    }) => {
      assert.deepEqual(await client.content.get({ type, externalId: nobody }), { kind: 'absent' })
      const { externalId } = await create({ title: name })
      assert.equal((await client.content.get({ type, externalId })).kind, 'found')
      await client.content.delete({ type, externalId })
      assert.deepEqual(await client.content.get({ type, externalId }), { kind: 'absent' })
    })

    test('refuses to update what is gone, with nothing done', async ({ client, type }) => {
      const gone = { type, externalId: nobody, fields: { title: 'x' } }
      await failsWithoutEffect('REMOTE_NOT_FOUND', () => client.content.update(gone))
    })

    test('trashes and deletes, and takes a repetition for success', async ({ create, client, type, name, read }) => {
      const { externalId } = await create({ title: name, body: 'kept', slug: name })
      await client.content.trash({ type, externalId })
      await client.content.trash({ type, externalId })
      const trashed = await read(externalId)
      assert.equal(trashed.state, 'trashed')
      assert.equal(trashed.fields.body, 'kept')
      await client.content.delete({ type, externalId })
      await client.content.delete({ type, externalId })
    })

    test('keeps a status that the model does not know', async ({
      create,
      name,
      setForeignStatus,
      read,
      client,
      type,
    }) => {
      if (setForeignStatus === undefined) return
      const { externalId } = await create({ title: name })
      const { status } = await setForeignStatus(externalId)
      const content = await read(externalId)
      assert.equal(content.status, status)
      assert.equal(content.state, 'unknown')
      const many = await client.pull?.getMany({ type, externalIds: [externalId] })
      if (many !== undefined) assert.deepEqual(many.rows, [content])
    })
  })

  describe('markers', () => {
    test('finds nothing where nothing of this name was created', async ({ create, client, type, name }) => {
      await create({ title: name })
      await create({ title: name, slug: `${name}-new` })
      assert.deepEqual(await client.content.findByMarker({ type, marker: name }), [])
    })

    test('finds a marked item in every status, and after its slug was taken', async ({
      create,
      client,
      type,
      name,
    }) => {
      const draft = await create({ title: name, slug: name })
      const second = await create({ title: name, slug: name })
      const third = await create({ title: name, slug: name, state: 'published' })
      const find = async () =>
        (await client.content.findByMarker({ type, marker: name })).map((item) => item.externalId)
      const all = [draft.externalId, second.externalId, third.externalId]
      assert.deepEqual(await find(), all)
      await client.content.trash({ type, externalId: second.externalId })
      await client.content.trash({ type, externalId: draft.externalId })
      assert.deepEqual(await find(), all)
    })

    test('does not find what carries another slug by now', async ({ create, client, type, name }) => {
      const { externalId } = await create({ title: name, slug: name })
      await client.content.update({ type, externalId, fields: { slug: `final-${name}` } })
      assert.deepEqual(await client.content.findByMarker({ type, marker: name }), [])
    })
  })

  describe('batch', () => {
    test('gives an outcome per operation, in their order', async ({ create, client, type, name }) => {
      const { batch } = client.content
      if (batch === undefined) return
      const standing = await create({ title: name, body: 'kept' })
      const outcomes = await batch.run([
        { kind: 'update', type, externalId: standing.externalId, fields: { title: `${name} changed` } },
        { kind: 'update', type, externalId: nobody, fields: { title: 'lost' } },
        { kind: 'create', type, fields: { title: `${name} new`, body: blocks, slug: `${name}-new` } },
      ])
      const [updated, failed, created] = outcomes
      assert.equal(outcomes.length, 3)
      assert.ok(updated?.kind === 'done' && created?.kind === 'done' && failed?.kind === 'failed')
      assert.equal(updated.content.fields.title, `${name} changed`)
      assert.equal(updated.content.fields.body, 'kept')
      assert.equal(created.content.fields.body, blocks)
      assert.equal(created.content.state, 'draft')
      assert.ok(isIgny8Error(failed.error))
      assert.equal(failed.error.effect, 'none')
      await client.content.delete({ type, externalId: created.content.externalId })
    })
  })
}

function without<Fields extends object>(fields: Fields, name: string): Partial<Fields> {
  // The format follows the body.
  const hidden = new Set(name === 'body' ? ['body', 'bodyFormat'] : [name])
  return Object.fromEntries(Object.entries(fields).filter(([key]) => !hidden.has(key))) as Partial<Fields>
}

import assert from 'node:assert/strict'
import type { Content } from '../model/content.ts'
import { buildContent } from './build-content.ts'
import { buildInstant } from './build-identity.ts'
import { buildEverything, readEverything, storeEverything } from './storage-contract-everything.ts'
import type { StorageCase, StorageSuite } from './storage-contract-suite.ts'

const texts = {
  empty: '',
  spaces: '  leading and trailing \n\t',
  emoji: 'Astronaut 👩🏽‍🚀, flag 🏳️‍🌈, keycap 1️⃣',
  'right to left': 'שלום עולם — مرحبا بالعالم \u202E(override)\u202C',
  combining: 'e\u0301 is not \u00E9 here',
  control: 'bell \u0007, escape \u001B, line separator \u2028',
  quotes: `'; drop table content; -- " \\ $1 :name %s \${x}`,
  'JSON in text': '{"a": "\\u0000"}',
} as const

/** What comes out is what went in, and nobody holds a reference into the storage. */
export function plainDataContract({ describe, test }: StorageSuite): void {
  describe('plain data', () => {
    test('every kind of row comes out as it went in', async (given) => {
      const rows = buildEverything(given)
      await storeEverything(given, rows)
      const stored = await readEverything(given.storage, given.accountId)
      assert.deepEqual(stored.sites, { items: [rows.site], nextCursor: null })
      assert.deepEqual(stored.siteByUrl, rows.site)
      assert.deepEqual(stored.integrations, { items: [rows.integration], nextCursor: null })
      assert.deepEqual(stored.contents, { items: [rows.content], nextCursor: null })
      assert.deepEqual(stored.contentById, rows.content)
      assert.deepEqual(stored.history, { items: [rows.version], nextCursor: null })
      assert.deepEqual(stored.taxonomies, { items: [rows.taxonomy], nextCursor: null })
      assert.deepEqual(stored.images, { items: [rows.image], nextCursor: null })
      assert.deepEqual(stored.links, { items: [rows.link], nextCursor: null })
      assert.deepEqual(stored.linksOfLocal, [rows.link])
      assert.deepEqual(stored.intents, [rows.intent])
      assert.deepEqual(stored.conflicts, { items: [rows.conflict], nextCursor: null })
      assert.deepEqual(stored.pullStates, [rows.pullState])
      assert.deepEqual(stored.runs, { items: [rows.run], nextCursor: null })
      assert.deepEqual(stored.events, { items: [rows.event], nextCursor: null })
      assert.deepEqual(stored.outbox, [rows.domainEvent])
      assert.deepEqual(stored.publishingSettings, rows.settings)
      assert.deepEqual(stored.queue, { items: [rows.queueEntry], nextCursor: null })
      assert.deepEqual(stored.publications, [rows.publication])
      assert.deepEqual(stored.aiSettings, rows.aiSettings)
      assert.deepEqual(stored.aiModels, [rows.aiModel])
      assert.deepEqual(stored.aiUsage, { items: [rows.aiUsage], nextCursor: null })
    })

    test('changing what was handed in changes nothing stored', async (given) => {
      const rows = buildEverything(given)
      await storeEverything(given, rows)
      const before = await readEverything(given.storage, given.accountId)
      scramble(rows)
      assert.deepEqual(await readEverything(given.storage, given.accountId), before)
    })

    test('changing what came out changes nothing stored', async (given) => {
      await storeEverything(given, buildEverything(given))
      const before = structuredClone(await readEverything(given.storage, given.accountId))
      scramble(await readEverything(given.storage, given.accountId))
      assert.deepEqual(await readEverything(given.storage, given.accountId), before)
    })

    test('changing what came out inside a transaction changes nothing stored', async (given) => {
      const { content } = buildEverything(given)
      await given.account.content.insert([content])
      await given.account.transaction(async (stores) => scramble(await stores.content.get(content.id)))
      assert.deepEqual(await given.account.content.get(content.id), buildEverything(given).content)
    })

    test('changing an object right after the call, before its answer, changes nothing stored', async (given) => {
      const { content } = buildEverything(given)
      const inserting = given.account.content.insert([content])
      scramble(content)
      await inserting
      assert.deepEqual(
        await given.account.content.get(buildEverything(given).content.id),
        buildEverything(given).content,
      )
    })

    for (const [name, text] of Object.entries(texts)) {
      test(`text comes out as it went in: ${name}`, async (given) => {
        await comesBack(given, {
          title: text,
          body: text,
          excerpt: text,
          meta: { [`key ${text}`]: text, nested: [text] },
        })
      })
    }

    test('long text comes out as it went in', async (given) => {
      await comesBack(given, { body: 'Zeile 🚀\n'.repeat(100_000) })
    })

    test('dates are exact to the millisecond, before 1970 and far ahead', async (given) => {
      for (const [index, date] of [
        '1969-12-31T23:59:59.999Z',
        '2026-03-29T01:00:00.001Z',
        '2999-12-31T23:59:59.123Z',
      ].entries()) {
        await comesBack(given, { publishedAt: new Date(date), approvedAt: buildInstant(0.007) }, index + 1)
      }
    })

    test('JSON comes out as it went in, deep and odd', async (given) => {
      const meta = {
        'a.b': [1, 2.5, -0.1, 1e21, 9_007_199_254_740_991, 1e-7],
        '': { null: null, true: true, empty: {}, list: [[], [{}]] },
        date: '2026-11-02T09:00:00.000Z',
        number: '1',
        constructor: { prototype: 'data' },
        toString: 'data',
        deep: JSON.parse(`${'['.repeat(50)}${']'.repeat(50)}`),
      }
      await comesBack(given, { meta })
    })

    test('a key named __proto__ is kept as data or refused, and pollutes nothing', async (given) => {
      const meta = JSON.parse('{"__proto__": {"polluted": true}, "nested": {"__proto__": {"polluted": true}}}')
      const content = given.own(buildContent({ meta }))
      let refused = false
      await given.account.content.insert([content]).catch(() => {
        refused = true
      })
      assert.equal(Reflect.get({}, 'polluted'), undefined)
      if (refused) return
      const stored = await given.account.content.get(content.id)
      assert.equal(Reflect.get(stored?.meta ?? {}, 'polluted'), undefined)
      assert.equal(JSON.stringify(sortedKeys(stored?.meta)), JSON.stringify(sortedKeys(meta)))
    })
  })
}

async function comesBack({ account, own }: StorageCase, overrides: Partial<Content>, number = 1): Promise<void> {
  const content = own(buildContent(overrides, number))
  await account.content.insert([content])
  assert.deepEqual(await account.content.get(content.id), content)
  const changed = { ...content, version: 2 }
  assert.equal(await account.content.update(changed, 1), true)
  assert.deepEqual(await account.content.getMany([content.id]), [changed])
}

/** Changes everything in reach; what is frozen stays. */
function scramble(value: unknown): void {
  if (typeof value !== 'object' || value === null) return
  if (value instanceof Date) {
    value.setTime(0)
    return
  }
  for (const name of Object.keys(value)) {
    scramble(Reflect.get(value, name))
    Reflect.set(value, name, 'scrambled')
  }
  if (Array.isArray(value)) Reflect.set(value, 'length', 0)
  else Reflect.set(value, 'scrambled', true)
}

function sortedKeys(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value
  return Object.entries(value)
    .sort(([left], [right]) => (left < right ? -1 : 1))
    .map(([name, member]) => [name, sortedKeys(member)])
}

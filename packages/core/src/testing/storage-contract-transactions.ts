import assert from 'node:assert/strict'
import { buildContent } from './build-content.ts'
import { buildId } from './build-identity.ts'
import { buildIntegration, buildSite } from './build-site.ts'
import { buildEverything, readEverything, storeEverything } from './storage-contract-everything.ts'
import { atOnce, type StorageSuite } from './storage-contract-suite.ts'

const boom = new Error('work failed')

/** All or nothing, and nobody sees the half. */
export function transactionsContract({ describe, test }: StorageSuite): void {
  describe('transactions', () => {
    test('answer what their work answers, and keep what it wrote', async (given) => {
      const rows = buildEverything(given)
      const answer = await given.account.transaction(async (stores) => {
        await stores.sites.insert(rows.site)
        assert.deepEqual(await stores.sites.get(rows.site.id), rows.site, 'work reads what it wrote')
        return { count: await stores.sites.count() }
      })
      assert.deepEqual(answer, { count: 1 })
      assert.deepEqual(await given.account.sites.get(rows.site.id), rows.site)
    })

    test('leave no row of any kind where work rejects, and reject with its error', async (given) => {
      const before = await readEverything(given.storage, given.accountId)
      const rows = buildEverything(given)
      await assert.rejects(
        () =>
          given.account.transaction(async (stores) => {
            await storeEverything({ account: { ...given.account, transaction: (work) => work(stores) } }, rows)
            await stores.leases.acquire({ key: 'lease', owner: 'owner-1', now: rows.site.createdAt, ttlMs: 60_000 })
            throw boom
          }),
        (error) => error === boom,
      )
      assert.deepEqual(await readEverything(given.storage, given.accountId), before)
      const input = { key: 'lease', owner: 'owner-2', now: rows.site.createdAt, ttlMs: 60_000 }
      assert.ok(await given.account.leases.acquire(input))
      assert.equal(await given.account.webhooks.record(rows.delivery), 'recorded')
    })

    test('bring back what they changed and removed where work rejects', async (given) => {
      const rows = buildEverything(given)
      await storeEverything(given, rows)
      const before = await readEverything(given.storage, given.accountId)
      await assert.rejects(
        () =>
          given.account.transaction(async (stores) => {
            await stores.sites.update({ ...rows.site, url: 'https://moved.example', version: 2 }, 1)
            await stores.content.update({ ...rows.content, siteId: buildId('site', 2), version: 2 }, 1)
            await stores.links.remove(rows.link.integrationId, rows.link.kind, rows.link.localId)
            await stores.links.insert([{ ...rows.link, localId: buildId('content', 2) }])
            await stores.conflicts.update({ ...rows.conflict, status: 'resolved', version: 2 }, 1)
            await stores.conflicts.insert({ ...rows.conflict, id: buildId('conflict', 2) })
            await stores.intents.remove(rows.intent.integrationId, rows.intent.contentId)
            await stores.pullStates.removeOfIntegration(rows.pullState.integrationId)
            await stores.webhooks.clearDirty(
              rows.delivery.integrationId,
              rows.delivery.externalId,
              new Date('2030-01-01'),
            )
            await stores.publicationQueue.remove(rows.queueEntry.contentId)
            await stores.publications.release(rows.publication.contentId)
            await stores.ai.removeModelOverride(rows.aiModel.id)
            await stores.ai.settleUsage({ ...rows.aiUsage, status: 'released' })
            throw boom
          }),
        (error) => error === boom,
      )
      assert.deepEqual(await readEverything(given.storage, given.accountId), before)
    })

    test('show nobody outside what is not committed', async (given) => {
      const site = given.own(buildSite())
      const written = deferred()
      const observed = deferred()
      const failing = given.account.transaction(async (stores) => {
        await stores.sites.insert(site)
        written.resolve()
        await observed.promise
        throw boom
      })
      await written.promise
      // A storage with one connection answers after the transaction, one with several at once: neither shows the row.
      const reading = Promise.all([given.account.sites.get(site.id), given.account.sites.count()])
      observed.resolve()
      await assert.rejects(failing, (error) => error === boom)
      assert.deepEqual(await reading, [undefined, 0])
    })

    test('are serialisable: what work read is still so when it commits', async (given) => {
      const insertUnlessAny = (number: number) =>
        given.account.transaction(async (stores) => {
          if ((await stores.sites.count()) > 0) return false
          await stores.sites.insert(given.own(buildSite({}, number)))
          return true
        })
      const outcomes = await atOnce(5, insertUnlessAny)
      assert.equal(outcomes.filter(Boolean).length, 1)
      assert.equal(await given.account.sites.count(), 1)
    })

    test('lose no update to one another', async (given) => {
      await given.account.content.insert([given.own(buildContent({ title: '0' }))])
      const countUp = () =>
        given.account.transaction(async (stores) => {
          const content = await stores.content.get(buildId('content'))
          assert.ok(content)
          const next = { ...content, title: String(Number(content.title) + 1), version: content.version + 1 }
          assert.equal(await stores.content.update(next, content.version), true)
        })
      await atOnce(5, countUp)
      assert.equal((await given.account.content.get(buildId('content')))?.title, '5')
    })

    test('go on after one that failed, and keep what was committed before it', async (given) => {
      const site = given.own(buildSite())
      const first = given.account.transaction((stores) => stores.integrations.insert(given.own(buildIntegration())))
      const failing = given.account.transaction(async (stores) => {
        await stores.integrations.insert(given.own(buildIntegration({}, 2)))
        throw boom
      })
      // Which of them comes first is the storage's affair.
      const failed = assert.rejects(failing, (error) => error === boom)
      const following = given.account.transaction((stores) => stores.sites.insert(site))
      const call = given.account.integrations.count({})
      await Promise.all([first, failed, following])
      // A storage with several connections may answer before the first transaction ends; none shows the failed one.
      assert.ok((await call) <= 1)
      assert.equal(await given.account.integrations.count({}), 1)
      assert.deepEqual(await given.account.sites.get(site.id), site)
    })

    test('are over when they end: their stores write nothing any more', async (given) => {
      const site = given.own(buildSite())
      const kept = await given.account.transaction(async (stores) => ({ stores }))
      await assert.rejects(async () => kept.stores.sites.insert(site))
      assert.equal(await given.account.sites.count(), 0)
    })

    test('a call by itself is whole: of several rows, one that is refused refuses all', async (given) => {
      const { account, own } = given
      await account.content.insert([own(buildContent({}, 2))])
      await assert.rejects(() => account.content.insert([1, 2, 3].map((number) => own(buildContent({}, number)))))
      assert.equal(await account.content.count({}), 1)
    })
  })
}

function deferred(): { readonly promise: Promise<void>; readonly resolve: () => void } {
  let resolve = (): void => undefined
  const promise = new Promise<void>((settle) => {
    resolve = settle
  })
  return { promise, resolve }
}

import assert from 'node:assert/strict'
import type { EnvelopeReference, SystemStorage } from '../ports/system-storage.ts'
import { buildAiUsage } from './build-ai.ts'
import { buildId, buildInstant } from './build-identity.ts'
import { buildDomainEvent, buildPublishingSettings, buildQueueEntry } from './build-publishing.ts'
import { buildIntegration, buildSite } from './build-site.ts'
import { buildSyncEvent, buildSyncRun, buildWebhookDelivery } from './build-sync.ts'
import { buildEverything, storeEverything } from './storage-contract-everything.ts'
import { atOnce, rejectsWith, type StorageCase, type StorageSuite, sorted } from './storage-contract-suite.ts'

const url = 'https://shared.example'

/** Only what this test's accounts have: the storage may hold others. */
function ofCase<Row extends { readonly accountId: string }>(given: StorageCase, rows: readonly Row[]): Row[] {
  return rows.filter(({ accountId }) => accountId === given.accountId || accountId === given.otherAccountId)
}

async function allEnvelopes(system: SystemStorage, limit: number): Promise<EnvelopeReference[]> {
  const found: EnvelopeReference[] = []
  let cursor: string | null | undefined
  while (cursor !== null) {
    const page: Awaited<ReturnType<SystemStorage['listEnvelopes']>> = await system.listEnvelopes({
      limit,
      cursor: cursor ?? undefined,
    })
    assert.ok(page.items.length <= limit)
    found.push(...page.items)
    cursor = page.nextCursor
  }
  return found
}

/** What crosses accounts. */
export function systemContract({ describe, test }: StorageSuite): void {
  describe('system', () => {
    test('finds the integrations of a URL in every account, dormant ones left out', async (given) => {
      const { account, accountId, other, otherAccountId, own, storage } = given
      await account.integrations.insert(own(buildIntegration({ externalSiteUrl: url, isActive: false })))
      await other.integrations.insert({ ...buildIntegration({ externalSiteUrl: url }), accountId: otherAccountId })
      const found = ofCase(given, await storage.system.findIntegrationsByUrls('wordpress', [url]))
      const integrationId = buildId('integration')
      assert.deepEqual(sorted(found.map((reference) => reference.accountId)), sorted([accountId, otherAccountId]))
      for (const reference of found) assert.equal(reference.integrationId, integrationId)
      assert.deepEqual(ofCase(given, await storage.system.findIntegrationsByUrls('ghost', [url])), [])
      const row = await account.integrations.get(integrationId)
      assert.ok(row)
      await account.integrations.update({ ...row, removedAt: buildInstant(9), version: 2 }, 1)
      const left = ofCase(given, await storage.system.findIntegrationsByUrls('wordpress', [url]))
      assert.deepEqual(left, [{ accountId: otherAccountId, integrationId }])
    })

    test('finds the integrations of several URLs at once, each of them once', async (given) => {
      const { account, accountId, own, storage } = given
      const urls = [1, 2, 3].map((number) => `https://form-${number}.example`)
      for (const [index, externalSiteUrl] of urls.entries())
        await account.integrations.insert(own(buildIntegration({ externalSiteUrl }, index + 1)))
      const [first = '', second = ''] = urls
      const find = async (asked: readonly string[]) =>
        ofCase(given, await storage.system.findIntegrationsByUrls('wordpress', asked))
      const found = await find([second, 'https://nobody.example', first, second])
      assert.deepEqual(
        sorted(found.map((reference) => reference.integrationId)),
        sorted([1, 2].map((number) => buildId('integration', number))),
      )
      for (const reference of found) assert.equal(reference.accountId, accountId)
      assert.deepEqual(await find([]), [])
    })

    test('lists due integrations, oldest first', async (given) => {
      const { account, accountId, other, otherAccountId, own, storage } = given
      const rows = [
        buildIntegration({ nextSyncAt: buildInstant(-10) }, 1),
        buildIntegration({ nextSyncAt: buildInstant(-30) }, 2),
        buildIntegration({ nextSyncAt: buildInstant(0) }, 3),
        buildIntegration({ nextSyncAt: buildInstant(0.001) }, 4),
        buildIntegration({ nextSyncAt: null }, 5),
        buildIntegration({ nextSyncAt: buildInstant(-30), isActive: false }, 6),
        buildIntegration({ nextSyncAt: buildInstant(-30), removedAt: buildInstant(-5) }, 7),
      ]
      for (const row of rows) await account.integrations.insert(own(row))
      const foreign = { ...buildIntegration({ nextSyncAt: buildInstant(-20) }, 8), accountId: otherAccountId }
      await other.integrations.insert(foreign)
      const due = ofCase(given, await storage.system.listDueIntegrations(buildInstant(), 500))
      assert.deepEqual(due, [
        { accountId, integrationId: buildId('integration', 2) },
        { accountId: otherAccountId, integrationId: buildId('integration', 8) },
        { accountId, integrationId: buildId('integration', 1) },
        { accountId, integrationId: buildId('integration', 3) },
      ])
      assert.equal((await storage.system.listDueIntegrations(buildInstant(), 2)).length, 2)
    })

    test('finds the integrations of an id in every account, dormant ones left out', async (given) => {
      const { account, accountId, other, otherAccountId, own, storage } = given
      const integrationId = buildId('integration')
      await account.integrations.insert(own(buildIntegration({ isActive: false })))
      await other.integrations.insert({ ...buildIntegration(), accountId: otherAccountId })
      const find = async (id: string) => ofCase(given, await storage.system.findIntegrationsById(id))
      const accountsOf = async () => sorted((await find(integrationId)).map((reference) => reference.accountId))
      assert.deepEqual(await accountsOf(), sorted([accountId, otherAccountId]))
      assert.deepEqual(await find(buildId('integration', 2)), [])
      assert.deepEqual(await find('__proto__'), [])
      await account.integrations.update(own(buildIntegration({ removedAt: buildInstant(9), version: 2 })), 1)
      assert.deepEqual(await find(integrationId), [{ accountId: otherAccountId, integrationId }])
    })

    test('lists integrations with dirty items to try, oldest hint first', async (given) => {
      const { account, accountId, other, otherAccountId, own, storage } = given
      const paused = { pausedReason: 'because' }
      const rows = [
        buildIntegration({}, 1),
        buildIntegration({}, 2),
        buildIntegration({ isActive: false }, 3),
        buildIntegration({ removedAt: buildInstant(1) }, 4),
        buildIntegration(paused, 5),
        buildIntegration({ ...paused, pausedUntil: buildInstant(101) }, 6),
        buildIntegration({ ...paused, pausedUntil: buildInstant(100) }, 7),
        buildIntegration({}, 8),
      ]
      for (const row of rows) await account.integrations.insert(own(row))
      await other.integrations.insert({ ...buildIntegration({}, 9), accountId: otherAccountId })
      const hint = (number: number, seconds: number, of = number) =>
        buildWebhookDelivery({ integrationId: buildId('integration', of), receivedAt: buildInstant(seconds) }, number)
      for (const number of [1, 2, 3, 4, 5, 6, 7]) await account.webhooks.record(own(hint(number, 50 + number)))
      await account.webhooks.record(own(hint(10, 60, 1)))
      await other.webhooks.record({ ...hint(9, 40), accountId: otherAccountId })
      const idsOf = async (seconds: number) =>
        ofCase(given, await storage.system.listDirtyIntegrations(buildInstant(seconds), 500))
      const [first, second, seventh] = [1, 2, 7].map((n) => ({ accountId, integrationId: buildId('integration', n) }))
      const foreign = { accountId: otherAccountId, integrationId: buildId('integration', 9) }
      assert.deepEqual(await idsOf(100), [foreign, first, second, seventh])
      await account.webhooks.postponeDirty(buildId('integration', 1), '1001', buildInstant(51), buildInstant(200))
      assert.deepEqual(await idsOf(100), [foreign, second, seventh, first])
      await account.webhooks.clearDirty(buildId('integration', 2), '1002', buildInstant(52))
      assert.deepEqual(await idsOf(100), [foreign, seventh, first])
      assert.equal((await storage.system.listDirtyIntegrations(buildInstant(100), 1)).length, 1)
    })

    test('lists runs that fell silent', async (given) => {
      const { account, accountId, own, storage } = given
      const rows = [
        buildSyncRun({ heartbeatAt: buildInstant(10) }, 1),
        buildSyncRun({ heartbeatAt: buildInstant(20) }, 2),
        buildSyncRun({ heartbeatAt: buildInstant(10), status: 'failed' }, 3),
      ]
      for (const row of rows) await account.runs.insert(own(row))
      const integrationId = buildId('integration')
      const silent = ofCase(given, await storage.system.listSilentRuns(buildInstant(20), 500))
      assert.deepEqual(silent, [{ accountId, integrationId, runId: buildId('run', 1) }])
      assert.equal((await storage.system.listSilentRuns(buildInstant(99), 1)).length, 1)
    })

    test('lists AI usage that was reserved long ago and never settled, oldest first', async (given) => {
      const { account, accountId, other, otherAccountId, own, storage } = given
      for (const row of [
        buildAiUsage({ createdAt: buildInstant(19.999) }, 1),
        buildAiUsage({ createdAt: buildInstant(20) }, 2),
        buildAiUsage({ createdAt: buildInstant(5), status: 'settled' }, 3),
        buildAiUsage({ createdAt: buildInstant(5), status: 'released' }, 4),
      ])
        await account.ai.reserveUsage(own(row), [])
      await other.ai.reserveUsage(
        { ...buildAiUsage({ createdAt: buildInstant(10) }, 5), accountId: otherAccountId },
        [],
      )
      assert.deepEqual(ofCase(given, await storage.system.listOpenUsage(buildInstant(20), 500)), [
        { accountId: otherAccountId, usageId: buildId('usage', 5) },
        { accountId, usageId: buildId('usage', 1) },
      ])
      assert.equal((await storage.system.listOpenUsage(buildInstant(99), 1)).length, 1)
    })

    test('lists sites whose queue or settings were written, once and in order', async (given) => {
      const { account, accountId, other, otherAccountId, own, storage } = given
      const site = (number: number) => buildId('site', number)
      for (const entry of [
        buildQueueEntry({ siteId: site(3) }, 1),
        buildQueueEntry({ siteId: site(3), status: 'retrying' }, 2),
        buildQueueEntry({ siteId: site(4), status: 'failed' }, 3),
      ])
        await account.publicationQueue.put(own(entry))
      await other.publicationQueue.put({ ...buildQueueEntry({ siteId: site(9) }), accountId: otherAccountId })
      for (const [number, autoApprovalEnabled] of [
        [1, true],
        [3, true],
      ] as const)
        await account.publishingSettings.getOrCreate(
          own(buildPublishingSettings({ siteId: site(number), autoApprovalEnabled })),
        )
      const now = buildInstant()
      const own3 = { accountId, siteId: site(3) }
      const own4 = { accountId, siteId: site(4) }
      const expected = [{ accountId, siteId: site(1) }, own3, own4, { accountId: otherAccountId, siteId: site(9) }]
      const byAccount = (left: { accountId: string; siteId: string }, right: { accountId: string; siteId: string }) =>
        left.accountId < right.accountId
          ? -1
          : left.accountId > right.accountId
            ? 1
            : left.siteId < right.siteId
              ? -1
              : 1
      const all = ofCase(given, await storage.system.listSitesToPublish(now, 500))
      assert.deepEqual(all, expected.toSorted(byAccount))
      const [next] = await storage.system.listSitesToPublish(now, 1, { accountId, siteId: site(1) })
      assert.deepEqual(next, own3)
      const rest = await storage.system.listSitesToPublish(now, 500, own3)
      assert.ok(rest.every((reference) => byAccount(own3, reference) < 0))
    })

    test('lists no site that sleeps, until its time has come or something was written', async (given) => {
      const { account, own, storage } = given
      const { publicationQueue, publishingSettings } = account
      const siteId = buildId('site')
      const isListed = async (seconds: number) =>
        ofCase(given, await storage.system.listSitesToPublish(buildInstant(seconds), 500)).length > 0
      const entry = own(buildQueueEntry({ siteId }))
      const settings = own(buildPublishingSettings({ siteId }))
      const writes: readonly (() => Promise<unknown>)[] = [
        () => publicationQueue.put(entry),
        () => publishingSettings.getOrCreate(settings),
        () => publicationQueue.put({ ...entry, version: 2 }),
        () => publishingSettings.update({ ...settings, version: 2 }, 1),
        () => account.transaction((stores) => stores.publicationQueue.put({ ...entry, version: 3 })),
        () => publicationQueue.remove(entry.contentId),
      ]
      assert.equal(await publicationQueue.readWake(siteId), 0)
      assert.equal(await publicationQueue.sleep(siteId, 0, buildInstant(60)), false)
      for (const write of writes) {
        const before = await publicationQueue.readWake(siteId)
        await write()
        assert.ok(await isListed(0))
        assert.equal(await publicationQueue.sleep(siteId, before, buildInstant(60)), false, 'written since')
        const wake = await publicationQueue.readWake(siteId)
        assert.ok(wake > before)
        assert.equal(await publicationQueue.sleep(siteId, wake, buildInstant(60)), true)
        assert.deepEqual([await isListed(59.999), await isListed(60)], [false, true])
      }
      await publicationQueue.remove(entry.contentId)
      await publishingSettings.getOrCreate(settings)
      assert.equal(await publicationQueue.put({ ...entry, version: 9 }), false)
      assert.equal(await isListed(0), false, 'nothing was written')
    })

    test('lists the outbox oldest first until events are removed, twice if need be', async (given) => {
      const { account, other, otherAccountId, own, storage } = given
      await account.outbox.append([own(buildDomainEvent({}, 1))])
      await other.outbox.append([{ ...buildDomainEvent({}, 2), accountId: otherAccountId }])
      await account.outbox.append([own(buildDomainEvent({}, 3)), own(buildDomainEvent({}, 4))])
      await account.outbox.append([])
      const idsOf = async () => ofCase(given, await storage.system.listOutbox(500)).map(({ id }) => id)
      const ids = [1, 2, 3, 4].map((number) => buildId('domainEvent', number))
      assert.deepEqual(await idsOf(), ids)
      assert.equal((await storage.system.listOutbox(2)).length, 2)
      await storage.system.removeFromOutbox([...ids.slice(0, 2), 'unknown'])
      await storage.system.removeFromOutbox(ids.slice(0, 2))
      await storage.system.removeFromOutbox([])
      assert.deepEqual(await idsOf(), ids.slice(2))
    })

    test('forgets old events and ended runs, but the newest of each content and integration', async (given) => {
      const { account, own, storage } = given
      // Long before anything else that a database shared by many cases may hold.
      const at = (minute: number) => new Date(Date.UTC(1990, 0, 1, 0, minute))
      const [integrationId, otherId] = [buildId('integration'), buildId('integration', 2)]
      const event = (number: number, contentId: string | null, minute: number, on = integrationId) =>
        own(buildSyncEvent({ integrationId: on, contentId, createdAt: at(minute) }, number))
      await account.events.append([
        event(1, 'one', 1),
        event(2, 'one', 2),
        event(3, 'two', 3),
        event(4, null, 4),
        event(5, 'one', 5, otherId),
        event(6, 'one', 60),
      ])
      for (const [number, minute, status] of [
        [1, 1, 'completed'],
        [2, 2, 'failed'],
        [3, null, 'running'],
      ] as const) {
        const finishedAt = minute === null ? null : at(minute)
        await account.runs.insert(own(buildSyncRun({ integrationId, status, startedAt: at(0), finishedAt }, number)))
      }
      const eventsLeft = async () => (await account.events.list({ limit: 500 })).items.map(({ id }) => id).sort()
      const runsLeft = async () =>
        (await account.runs.list({ integrationId, limit: 500 })).items.map(({ id }) => id).sort()
      const ids = (kind: 'event' | 'run', numbers: readonly number[]) =>
        numbers.map((number) => buildId(kind, number)).sort()
      assert.equal(await storage.system.removeHistory(at(0), 500), 0)
      assert.equal(await storage.system.removeHistory(at(30), 1), 2)
      assert.deepEqual(await eventsLeft(), ids('event', [2, 3, 4, 5, 6]))
      assert.deepEqual(await runsLeft(), ids('run', [2, 3]))
      assert.equal(await storage.system.removeHistory(at(30), 500), 2)
      assert.deepEqual(await eventsLeft(), ids('event', [3, 5, 6]))
      assert.equal(await storage.system.removeHistory(at(30), 500), 0)
    })

    test('lists every encrypted field once, whatever the size of the page', async (given) => {
      await storeEverything(given, buildEverything(given))
      await given.account.sites.insert(given.own(buildSite({ wpApiKey: null }, 2)))
      const { accountId } = given
      const site = buildId('site')
      const integration = buildId('integration')
      const expected = [
        { accountId, row: accountId, field: 'apiKeys.bria', envelope: 'envelope:bria' },
        { accountId, row: accountId, field: 'apiKeys.openai', envelope: 'envelope:openai' },
        { accountId, row: integration, field: 'credentials', envelope: 'envelope:credentials' },
        { accountId, row: integration, field: 'webhookSecrets.new', envelope: 'envelope:new' },
        { accountId, row: integration, field: 'webhookSecrets.old', envelope: 'envelope:old' },
        { accountId, row: site, field: 'wpApiKey', envelope: 'envelope:wp' },
      ]
      const byField = (references: readonly EnvelopeReference[]) =>
        references.toSorted((left, right) => (left.field < right.field ? -1 : 1))
      for (const limit of [1, 2, 500]) {
        assert.deepEqual(byField(ofCase(given, await allEnvelopes(given.storage.system, limit))), expected)
      }
      const [first] = await allEnvelopes(given.storage.system, 500)
      assert.deepEqual((await given.storage.system.listEnvelopes({ limit: 1 })).items[0], first, 'the order is stable')
      const cursor = 'nonsense'
      await rejectsWith('INVALID_INPUT', () => given.storage.system.listEnvelopes({ limit: 1, cursor }))
    })

    test('replaces an envelope that is still the one named, and the row’s version grows', async (given) => {
      const { account, storage } = given
      const rows = buildEverything(given)
      await storeEverything(given, rows)
      for (const reference of ofCase(given, await allEnvelopes(storage.system, 500))) {
        assert.equal(await storage.system.replaceEnvelope(reference, `new ${reference.envelope}`), true)
        assert.equal(await storage.system.replaceEnvelope(reference, 'late'), false)
      }
      assert.deepEqual(await account.sites.get(rows.site.id), { ...rows.site, wpApiKey: 'new envelope:wp', version: 2 })
      assert.deepEqual(await account.integrations.get(rows.integration.id), {
        ...rows.integration,
        credentials: 'new envelope:credentials',
        webhookSecrets: rows.integration.webhookSecrets.map((secret) => ({
          ...secret,
          envelope: `new ${secret.envelope}`,
        })),
        version: 4,
      })
      assert.deepEqual(await account.ai.getSettings(), {
        ...rows.aiSettings,
        apiKeys: { openai: 'new envelope:openai', bria: 'new envelope:bria' },
        version: 3,
      })
    })

    test('replaces an envelope once when many do at once, and none that it does not find', async (given) => {
      const { accountId, otherAccountId, own, account, storage } = given
      const site = own(buildSite({ wpApiKey: 'envelope:wp' }))
      await account.sites.insert(site)
      const reference = { accountId, row: site.id, field: 'wpApiKey', envelope: 'envelope:wp' }
      const misses = [
        { ...reference, accountId: otherAccountId },
        { ...reference, row: 'unknown' },
        { ...reference, field: 'siteKey', envelope: site.siteKey },
        { ...reference, field: 'webhookSecrets.old' },
        { ...reference, field: '__proto__' },
      ]
      for (const miss of misses) assert.equal(await storage.system.replaceEnvelope(miss, 'late'), false)
      const outcomes = await atOnce(6, (number) => storage.system.replaceEnvelope(reference, `envelope:${number}`))
      assert.equal(outcomes.filter(Boolean).length, 1)
      assert.equal((await account.sites.get(site.id))?.version, 2)
    })
  })
}

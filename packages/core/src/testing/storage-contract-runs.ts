import assert from 'node:assert/strict'
import { buildId, buildInstant } from './build-identity.ts'
import { buildSyncEvent, buildSyncRun, buildWebhookDelivery } from './build-sync.ts'
import { atOnce, type StorageSuite } from './storage-contract-suite.ts'

const integrationId = buildId('integration')
const otherIntegration = buildId('integration', 2)

/** Runs, events and webhooks. */
export function runsContract({ describe, test }: StorageSuite): void {
  describe('runs', () => {
    test('are updated while they run, never after', async ({ account, own }) => {
      const run = own(buildSyncRun())
      assert.equal(await account.runs.update(run), false, 'unknown')
      await account.runs.insert(run)
      const moving = { ...run, phase: 'content:post', done: 5, total: 10, heartbeatAt: buildInstant(20) }
      assert.equal(await account.runs.update(moving), true)
      assert.deepEqual(await account.runs.get(run.id), moving)
      const ended = { ...moving, status: 'completed', finishedAt: buildInstant(30) } as const
      assert.equal(await account.runs.update(ended), true)
      assert.equal(await account.runs.update({ ...moving, status: 'running' }), false)
      assert.equal(await account.runs.update({ ...moving, status: 'failed' }), false)
      assert.deepEqual(await account.runs.get(run.id), ended)
    })

    test('end once when many end them at once', async ({ account, own }) => {
      const run = own(buildSyncRun())
      await account.runs.insert(run)
      const outcomes = await atOnce(6, (number) =>
        account.runs.update({ ...run, status: 'failed', errorMessage: `${number}` }),
      )
      assert.equal(outcomes.filter(Boolean).length, 1)
    })

    test('are listed by integration', async ({ account, own }) => {
      for (const row of [buildSyncRun(), buildSyncRun({ integrationId: otherIntegration }, 2)]) {
        await account.runs.insert(own(row))
      }
      const { items } = await account.runs.list({ integrationId, limit: 10 })
      assert.deepEqual(
        items.map(({ id }) => id),
        [buildId('run')],
      )
    })
  })

  describe('events', () => {
    test('are listed and counted by every filter', async ({ account, own }) => {
      const runId = buildId('run')
      const rows = [
        buildSyncEvent({ runId }),
        buildSyncEvent({ integrationId: otherIntegration, status: 'failed' }, 2),
        buildSyncEvent({ contentId: buildId('content'), runId, status: 'failed' }, 3),
        buildSyncEvent({ contentId: null }, 4),
      ]
      await account.events.append(rows.map(own))
      await account.events.append([])
      const cases = [
        [{}, [4, 3, 2, 1]],
        [{ integrationId }, [4, 3, 1]],
        [{ contentId: buildId('content') }, [3, 1]],
        [{ runId }, [3, 1]],
        [{ status: 'failed' }, [3, 2]],
        [{ status: 'failed', runId }, [3]],
        [{ since: buildInstant(2.5) }, [4, 3]],
      ] as const
      for (const [filter, expected] of cases) {
        const { items } = await account.events.list({ ...filter, limit: 10 })
        assert.deepEqual(
          items.map(({ id }) => id),
          expected.map((number) => buildId('event', number)),
          JSON.stringify(filter),
        )
        assert.equal(await account.events.count(filter), expected.length, JSON.stringify(filter))
      }
    })
  })

  describe('webhooks', () => {
    test('are recorded once, and flag their item', async ({ account, own }) => {
      const delivery = own(buildWebhookDelivery())
      assert.equal(await account.webhooks.record(delivery), 'recorded')
      const later = { ...delivery, externalId: '7', receivedAt: buildInstant(50) }
      assert.equal(await account.webhooks.record(later), 'duplicate')
      const { externalId, externalType, receivedAt } = delivery
      const flagged = [{ integrationId, externalId, externalType, dirtySince: receivedAt, retryAt: null }]
      assert.deepEqual(await account.webhooks.listDirty(integrationId, 10), flagged)
    })

    test('are recorded once when the sender repeats itself at once', async ({ account, own }) => {
      const delivery = own(buildWebhookDelivery())
      const outcomes = await atOnce(6, () => account.webhooks.record(delivery))
      assert.equal(outcomes.filter((outcome) => outcome === 'recorded').length, 1)
      assert.equal(outcomes.filter((outcome) => outcome === 'duplicate').length, 5)
    })

    test('of two integrations may have the same id', async ({ account, own }) => {
      await account.webhooks.record(own(buildWebhookDelivery()))
      const elsewhere = own(buildWebhookDelivery({ integrationId: otherIntegration }))
      assert.equal(await account.webhooks.record(elsewhere), 'recorded')
      assert.equal((await account.webhooks.listDirty(integrationId, 10)).length, 1)
      assert.equal((await account.webhooks.listDirty(otherIntegration, 10)).length, 1)
    })

    test('about the same item leave one flag that each moves on, even under a clock that stands or goes back', async (given) => {
      const { account, own } = given
      const hints = [
        [10, 10, 'post'],
        [30, 30, 'page'],
        [30, 30.001, null],
        [20, 30.002, 'product'],
      ] as const
      for (const [index, [seconds, expected, externalType]] of hints.entries()) {
        const receivedAt = buildInstant(seconds)
        const delivery = buildWebhookDelivery({ externalId: '7', externalType, receivedAt }, index + 1)
        await account.webhooks.record(own(delivery))
        const flag = { integrationId, externalId: '7', externalType, dirtySince: buildInstant(expected), retryAt: null }
        assert.deepEqual(await account.webhooks.listDirty(integrationId, 10), [flag])
      }
      await account.webhooks.clearDirty(integrationId, '7', buildInstant(30.001))
      assert.equal((await account.webhooks.listDirty(integrationId, 10)).length, 1)
    })

    test('that could not be applied are due again at their time, or when a new hint comes', async (given) => {
      const { account, own } = given
      for (const number of [1, 2, 3]) await account.webhooks.record(own(buildWebhookDelivery({}, number)))
      const { webhooks } = account
      await webhooks.postponeDirty(integrationId, '1001', buildInstant(1), buildInstant(60))
      await webhooks.postponeDirty(integrationId, '1002', buildInstant(1.999), buildInstant(60))
      await webhooks.postponeDirty(integrationId, 'unknown', buildInstant(99), buildInstant(60))
      await webhooks.postponeDirty(otherIntegration, '1003', buildInstant(99), buildInstant(60))
      const due = async (seconds: number, limit = 10) =>
        (await webhooks.listDueDirty(integrationId, buildInstant(seconds), limit)).map(({ externalId }) => externalId)
      assert.deepEqual(await due(59.999), ['1002', '1003'])
      assert.deepEqual(await due(60), ['1001', '1002', '1003'])
      assert.deepEqual(await due(60, 1), ['1001'])
      assert.equal((await webhooks.listDirty(integrationId, 10)).length, 3)
      await webhooks.record(own(buildWebhookDelivery({ externalId: '1001', receivedAt: buildInstant(50) }, 4)))
      assert.deepEqual(await due(51), ['1002', '1003', '1001'])
    })

    test('flag items oldest hint first, and the flag is cleared unless a newer hint came', async (given) => {
      const { account, own } = given
      for (const [number, seconds] of [
        [1, 30],
        [2, 10],
        [3, 20],
      ] as const) {
        await account.webhooks.record(own(buildWebhookDelivery({ receivedAt: buildInstant(seconds) }, number)))
      }
      const idsOf = async (limit: number) =>
        (await account.webhooks.listDirty(integrationId, limit)).map(({ externalId }) => externalId)
      assert.deepEqual(await idsOf(2), ['1002', '1003'])
      await account.webhooks.clearDirty(integrationId, '1002', buildInstant(10))
      await account.webhooks.clearDirty(integrationId, '1003', buildInstant(25))
      await account.webhooks.clearDirty(integrationId, '1001', buildInstant(29.999))
      await account.webhooks.clearDirty(integrationId, 'unknown', buildInstant(99))
      await account.webhooks.clearDirty(otherIntegration, '1001', buildInstant(99))
      assert.deepEqual(await idsOf(10), ['1001'])
    })

    test('are forgotten by age; flags stay, and what is forgotten may come again', async ({ account, own }) => {
      for (const number of [1, 2, 3]) await account.webhooks.record(own(buildWebhookDelivery({}, number)))
      assert.equal(await account.webhooks.purge(otherIntegration, buildInstant(99)), 0)
      assert.equal(await account.webhooks.purge(integrationId, buildInstant(3)), 2)
      assert.equal(await account.webhooks.purge(integrationId, buildInstant(3)), 0)
      assert.equal((await account.webhooks.listDirty(integrationId, 10)).length, 3)
      assert.equal(await account.webhooks.record(own(buildWebhookDelivery({}, 2))), 'recorded')
      assert.equal(await account.webhooks.record(own(buildWebhookDelivery({}, 3))), 'duplicate')
    })
  })
}

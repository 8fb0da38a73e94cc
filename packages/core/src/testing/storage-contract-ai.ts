import assert from 'node:assert/strict'
import type { BudgetWindow } from '../ports/ai-store.ts'
import { buildAiModel, buildAiUsage } from './build-ai.ts'
import { buildId, buildInstant } from './build-identity.ts'
import { atOnce, type StorageSuite, sorted } from './storage-contract-suite.ts'

function daily(limit: string, from = 0, to = 3600): BudgetWindow {
  return { name: 'daily', from: buildInstant(from), to: buildInstant(to), limit }
}

/** AI models and usage. */
export function aiContract({ describe, test }: StorageSuite): void {
  describe('AI models', () => {
    test('are put, replaced and removed by id', async ({ account }) => {
      const model = buildAiModel()
      await account.ai.putModelOverride(model)
      await account.ai.putModelOverride(buildAiModel({ id: 'other' }))
      await account.ai.putModelOverride({ ...model, contextTokens: 1 })
      const models = await account.ai.listModelOverrides()
      assert.deepEqual(sorted(models.map(({ id }) => id)), ['other', 'text-model'])
      assert.deepEqual(
        models.find(({ id }) => id === model.id),
        { ...model, contextTokens: 1 },
      )
      await account.ai.removeModelOverride(model.id)
      await account.ai.removeModelOverride(model.id)
      assert.equal((await account.ai.listModelOverrides()).length, 1)
    })
  })

  describe('AI usage', () => {
    test('is reserved up to the budget exactly: ten times 0.1 is 1', async ({ account, own }) => {
      for (let number = 1; number <= 10; number += 1) {
        const usage = own(buildAiUsage({ cost: '0.1' }, number))
        assert.deepEqual(await account.ai.reserveUsage(usage, [daily('1')]), { kind: 'reserved' })
      }
      const least = own(buildAiUsage({ cost: '0.000000000000000001' }, 11))
      const outcome = await account.ai.reserveUsage(least, [daily('100'), daily('1.00')])
      assert.ok(outcome.kind === 'full')
      assert.deepEqual(outcome.window, daily('1.00'))
      assert.match(outcome.used, /^1(\.0+)?$/)
      assert.equal((await account.ai.listUsage({ limit: 100 })).items.length, 10)
    })

    test('sums without losing a digit, large and small together', async ({ account, own }) => {
      await account.ai.reserveUsage(own(buildAiUsage({ cost: '9007199254740993.000000000001' })), [])
      const second = own(buildAiUsage({ cost: '0.000000000002' }, 2))
      const full = await account.ai.reserveUsage(second, [daily('9007199254740993.000000000002')])
      assert.ok(full.kind === 'full')
      assert.match(full.used, /^9007199254740993\.0000000000010*$/)
      const fits = await account.ai.reserveUsage(second, [daily('9007199254740993.000000000003')])
      assert.equal(fits.kind, 'reserved')
    })

    test('never passes a budget when many reserve at once', async ({ account, own }) => {
      const outcomes = await atOnce(10, (number) =>
        account.ai.reserveUsage(own(buildAiUsage({ cost: '0.3' }, number)), [daily('1')]),
      )
      assert.equal(outcomes.filter(({ kind }) => kind === 'reserved').length, 3)
    })

    test('counts inside [from, to) only', async ({ account, own }) => {
      for (const [index, seconds] of [9.999, 10, 19.999, 20].entries()) {
        const usage = own(buildAiUsage({ cost: '1', createdAt: buildInstant(seconds) }, index + 1))
        await account.ai.reserveUsage(usage, [])
      }
      const usage = own(buildAiUsage({ cost: '1', createdAt: buildInstant(15) }, 9))
      const full = await account.ai.reserveUsage(usage, [daily('2.5', 10, 20)])
      assert.ok(full.kind === 'full')
      assert.match(full.used, /^2(\.0+)?$/)
      assert.deepEqual(await account.ai.reserveUsage(usage, [daily('3', 10, 20)]), { kind: 'reserved' })
    })

    test('is settled once, at what it became: a released one costs nothing, an unknown one neither', async (given) => {
      const { account, own } = given
      const [first, second, third] = [1, 2, 3].map((number) => own(buildAiUsage({ cost: '1' }, number)))
      assert.ok(first && second && third)
      for (const usage of [first, second, third]) await account.ai.reserveUsage(usage, [])
      const settledAt = buildInstant(100)
      const settled = {
        ...first,
        status: 'settled',
        cost: '0.25',
        certainty: 'exact',
        reason: null,
        settledAt,
      } as const
      assert.equal(await account.ai.settleUsage(settled), true)
      assert.equal(await account.ai.settleUsage({ ...settled, cost: '9' }), false)
      assert.equal(await account.ai.settleUsage({ ...second, status: 'released', settledAt }), true)
      assert.equal(await account.ai.settleUsage({ ...third, status: 'settled', cost: null, settledAt }), true)
      assert.equal(await account.ai.settleUsage(own(buildAiUsage({ status: 'settled' }, 9))), false)
      const { items } = await account.ai.listUsage({ limit: 10 })
      assert.deepEqual(items.at(-1), settled)
      const full = await account.ai.reserveUsage(own(buildAiUsage({ cost: '0.1' }, 4)), [daily('0.3')])
      assert.ok(full.kind === 'full')
      assert.match(full.used, /^0\.250*$/)
    })

    test('is found by its id', async ({ account, own }) => {
      const usage = own(buildAiUsage({ reason: null }))
      await account.ai.reserveUsage(usage, [])
      assert.deepEqual(await account.ai.getUsage(usage.id), usage)
      assert.equal(await account.ai.getUsage('unknown'), undefined)
    })

    test('is summed by provider, model, kind and certainty, exactly', async ({ account, own }) => {
      const rows = [
        buildAiUsage({ cost: '0.1' }, 1),
        buildAiUsage({ cost: '0.2' }, 2),
        buildAiUsage({ cost: '5', certainty: 'exact', status: 'settled' }, 3),
        buildAiUsage({ cost: null, certainty: 'unknown', model: 'other' }, 4),
        buildAiUsage({ cost: '7', status: 'released' }, 5),
        buildAiUsage({ cost: '9', createdAt: buildInstant(10) }, 6),
        buildAiUsage({ cost: '9', createdAt: buildInstant(0.999) }, 7),
      ]
      for (const row of rows) await account.ai.reserveUsage(own(row), [])
      const sums = await account.ai.sumUsage(buildInstant(1), buildInstant(10))
      const plain = sums.map(({ cost, ...sum }) => ({
        ...sum,
        cost: cost.replace(/(\.\d*?)0+$/, '$1').replace(/\.$/, ''),
      }))
      const group = { provider: 'openai', model: 'text-model', kind: 'text', certainty: 'estimated' } as const
      assert.deepEqual(
        new Set(plain.map((sum) => JSON.stringify(sum, Object.keys(sum).sort()))),
        new Set(
          [
            { ...group, count: 2, cost: '0.3' },
            { ...group, certainty: 'exact', count: 1, cost: '5' },
            { ...group, certainty: 'unknown', model: 'other', count: 1, cost: '0' },
          ].map((sum) => JSON.stringify(sum, Object.keys(sum).sort())),
        ),
      )
    })

    test('is listed newest first, since an instant', async ({ account, own }) => {
      for (const number of [1, 2, 3]) await account.ai.reserveUsage(own(buildAiUsage({}, number)), [])
      const { items } = await account.ai.listUsage({ limit: 10, since: buildInstant(1.5) })
      assert.deepEqual(
        items.map(({ id }) => id),
        [3, 2].map((number) => buildId('usage', number)),
      )
    })
  })
}

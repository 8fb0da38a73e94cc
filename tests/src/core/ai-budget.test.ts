import { Igny8Error } from '@igny8/core/testing'
import { describe, expect, it } from 'vitest'
import { startWithAi, untilCalled, usageOf } from './ai-world.ts'

// 1 byte of prompt and 3 × 64 tokens around it at 1 $/M, 1,000 tokens of output at 2 $/M.
const upper = '0.002193'
const call = { prompt: 'x', maxOutputTokens: 1_000 } as const
const cheap = { text: 'Hello', units: { input: 100, output: 50 } } // 0.0002

async function startWithBudget(changes: { readonly dailyBudget?: string; readonly monthlyBudget?: string }) {
  const world = await startWithAi({ withSite: false })
  await world.account.ai.settings.update({ version: 0, changes })
  return world
}

describe('budgets', () => {
  it('let a call through whose upper estimate just fits, and refuse one more', async () => {
    const { account, first } = await startWithBudget({ dailyBudget: upper })
    first.willAnswer({ text: 'Hello' })
    expect((await account.ai.generateText(call)).cost.amount).toBe(upper)
    await expect(account.ai.generateText(call)).rejects.toMatchObject({
      code: 'BUDGET_EXCEEDED',
      effect: 'none',
      details: {
        window: 'daily',
        limit: upper,
        used: upper,
        upperEstimate: upper,
        resetsAt: '2026-11-03T00:00:00.000Z',
      },
    })
    expect(first.calls).toHaveLength(1)
  })

  it('refuse what is over by the last digit', async () => {
    const { account, first } = await startWithBudget({ dailyBudget: '0.002192999999' })
    await expect(account.ai.generateText(call)).rejects.toMatchObject({
      code: 'BUDGET_EXCEEDED',
      details: { used: '0' },
    })
    expect([first.calls, await usageOf({ account })]).toEqual([[], []])
  })

  it('count what a call came to, not what it might have', async () => {
    const { account, first } = await startWithBudget({ dailyBudget: '0.0025' })
    first.willAnswer(cheap)
    await account.ai.generateText(call)
    await account.ai.generateText(call)
    await expect(account.ai.generateText(call)).rejects.toMatchObject({ details: { used: '0.0004' } })
  })

  it('hold while calls are under way, many at once', async () => {
    const { account, first, clock } = await startWithBudget({ dailyBudget: '0.0066' })
    first.willAnswer({ ending: 'isDeaf' })
    const ended: string[] = []
    const calls = Array.from({ length: 8 }, () =>
      account.ai.generateText(call).catch(({ code }: Igny8Error) => {
        ended.push(code)
        return code
      }),
    )
    await untilCalled(first, 3)
    // Whoever is still on the way to the budget would run out of time as well.
    await expect.poll(() => ended).toHaveLength(5)
    await clock.advance(180_000)
    // Three times 0.002193 fits.
    expect((await Promise.all(calls)).sort()).toEqual([
      ...Array.from({ length: 5 }, () => 'BUDGET_EXCEEDED'),
      ...Array.from({ length: 3 }, () => 'TIMEOUT'),
    ])
    expect(first.calls).toHaveLength(3)
    expect((await account.ai.usage.budgets())[0]).toMatchObject({ used: '0.006579' })
  })

  it('begin anew with the day and with the month, in UTC', async () => {
    const { account, first, clock } = await startWithBudget({ dailyBudget: '0.003', monthlyBudget: '0.005' })
    first.willAnswer({ text: 'Hello' })
    const window = async () =>
      account.ai.generateText(call).then(
        () => 'let through',
        (error: { details: { window: string } }) => error.details.window,
      )
    expect([await window(), await window()]).toEqual(['let through', 'daily'])
    await clock.advance(Date.parse('2026-11-02T23:59:59.999Z') - clock.now().getTime())
    expect(await window()).toBe('daily')
    await clock.advance(1)
    expect([await window(), await window()]).toEqual(['let through', 'daily'])
    await clock.advance(86_400_000)
    expect(await window()).toBe('monthly')
    await clock.advance(Date.parse('2026-12-01T00:00:00.000Z') - clock.now().getTime())
    expect(await window()).toBe('let through')
  })

  it('of the platform hold for an account without its own, counted for each apart', async () => {
    const { igny8, account, first } = await startWithAi({ withSite: false })
    await igny8.platform.ai.settings.update({ version: 1, changes: { dailyBudget: '0.003' } })
    first.willAnswer({ text: 'Hello' })
    await account.ai.generateText(call)
    await igny8.forAccount('other').ai.generateText(call)
    await expect(account.ai.generateText(call)).rejects.toMatchObject({ code: 'BUDGET_EXCEEDED' })
    await account.ai.settings.update({ version: 0, changes: { dailyBudget: '0.005' } })
    await account.ai.generateText(call)
  })

  it('refuse a model without a price, unless it is allowed', async () => {
    const { account, first } = await startWithBudget({ monthlyBudget: '100' })
    first.willAnswer({ text: 'Hello', units: { input: 1, output: 1 } })
    const unpriced = { ...call, model: 'unpriced' }
    await expect(account.ai.generateText(unpriced)).rejects.toMatchObject({ code: 'COST_UNKNOWN', effect: 'none' })
    expect(first.calls).toEqual([])
    const { cost } = await account.ai.generateText({ ...unpriced, allowUnknownCost: true })
    expect(cost).toMatchObject({
      amount: null,
      certainty: 'unknown',
      reason: 'unpriced has no price for "input" on 2026-11-02.',
    })
    expect(await usageOf({ account })).toMatchObject([{ cost: null, certainty: 'unknown', status: 'settled' }])
  })

  it('reserve for a model without a price what the caller allows, and count what the vendor reports', async () => {
    const { account, first } = await startWithBudget({ dailyBudget: '0.1' })
    first.willAnswer({ text: 'Hello', ending: 'isDeaf' }, { text: 'Hello', reportedCost: '0.0038' }, { text: 'Hello' })
    const unpriced = { ...call, model: 'unpriced', maxCost: '0.06' }
    const waiting = account.ai.generateText(unpriced).catch((error: Igny8Error) => error.code)
    await untilCalled(first)
    await expect(account.ai.generateText(unpriced)).rejects.toMatchObject({
      code: 'BUDGET_EXCEEDED',
      details: { window: 'daily', used: '0.06', upperEstimate: '0.06' },
    })
    const cheaper = { ...unpriced, maxCost: '0.02' }
    expect((await account.ai.generateText(cheaper)).cost).toMatchObject({ amount: '0.0038', certainty: 'exact' })
    expect((await account.ai.generateText(cheaper)).cost).toMatchObject({
      amount: '0.02',
      certainty: 'estimated',
      reason: expect.stringMatching(/No usage was reported.*The upper estimate stands/),
    })
    expect((await account.ai.usage.budgets())[0]).toMatchObject({ used: '0.0838' })
    void waiting
  })

  it('of one call refuse what may cost more, and are no news for the host', async () => {
    const { account, first, igny8, events } = await startWithAi({ withSite: false })
    first.willAnswer(cheap)
    await expect(account.ai.generateText({ ...call, maxCost: '0.002192' })).rejects.toMatchObject({
      code: 'BUDGET_EXCEEDED',
      effect: 'none',
      details: { window: 'call', limit: '0.002192', upperEstimate: upper },
    })
    expect(first.calls).toEqual([])
    expect((await account.ai.generateText({ ...call, maxCost: upper })).cost.amount).toBe('0.0002')
    await expect(account.ai.generateText({ ...call, maxCost: '-1' })).rejects.toMatchObject({ code: 'INVALID_INPUT' })
    await igny8.runDue()
    expect(events.filter(({ type }) => type === 'ai.budget_exceeded')).toEqual([])
  })

  it('do not stand in the way of a model without a price where none is set', async () => {
    const { account, first } = await startWithAi({ withSite: false })
    first.willAnswer({ text: 'Hello', reportedCost: '0.5' })
    expect(await account.ai.generateText({ ...call, model: 'unpriced' })).toMatchObject({
      cost: { amount: '0.5', certainty: 'exact' },
    })
  })

  it('are not spent by a call that the vendor certainly did not do', async () => {
    const { account, second } = await startWithBudget({ dailyBudget: upper })
    second.willAnswer({ error: new Igny8Error({ code: 'AUTH_FAILED', message: 'No.' }) }, { text: 'Hello' })
    const other = { ...call, model: 'second-text' }
    await expect(account.ai.generateText(other)).rejects.toMatchObject({ code: 'AUTH_FAILED' })
    expect((await account.ai.generateText(other)).cost.amount).toBe(upper)
  })

  it('tell once for each window that they are exceeded', async () => {
    const { account, events, igny8, clock } = await startWithBudget({ dailyBudget: '0.001' })
    const refusals = async () => {
      await account.ai.generateText(call).catch(() => undefined)
      await account.ai.generateText(call).catch(() => undefined)
      await igny8.runDue()
      return events.filter(({ type }) => type === 'ai.budget_exceeded')
    }
    expect(await refusals()).toMatchObject([{ data: { window: 'daily', limit: '0.001', used: '0' } }])
    await clock.advance(86_400_000)
    expect(await refusals()).toHaveLength(2)
  })

  it('show what is used of them', async () => {
    const { account, first } = await startWithBudget({ dailyBudget: '1' })
    first.willAnswer(cheap)
    await account.ai.generateText(call)
    first.willAnswer({ ending: 'isDeaf' })
    void account.ai.generateText(call).catch(() => undefined)
    await untilCalled(first, 2)
    expect(await account.ai.usage.budgets()).toEqual([
      {
        name: 'daily',
        from: new Date('2026-11-02T00:00:00Z'),
        to: new Date('2026-11-03T00:00:00Z'),
        limit: '1',
        used: '0.002393',
      },
      {
        name: 'monthly',
        from: new Date('2026-11-01T00:00:00Z'),
        to: new Date('2026-12-01T00:00:00Z'),
        limit: null,
        used: '0.002393',
      },
    ])
    const whole = { from: new Date('2026-11-01T00:00:00Z'), to: new Date('2026-12-01T00:00:00Z') }
    expect(new Set(await account.ai.usage.sum(whole))).toEqual(
      new Set([
        { provider: 'first', model: 'first-text', kind: 'text', certainty: 'exact', count: 1, cost: '0.0002' },
        { provider: 'first', model: 'first-text', kind: 'text', certainty: 'estimated', count: 1, cost: '0.002193' },
      ]),
    )
  })
})

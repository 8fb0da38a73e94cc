import { describeFailure } from '../errors/describe-failure.ts'
import { Igny8Error, isIgny8Error } from '../errors/igny8-error.ts'
import type { AiModel, AiUsage } from '../model/ai.ts'
import { isGreater, parseDecimal } from '../model/decimal.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { AiMetering } from '../ports/ai-provider.ts'
import type { BudgetWindow } from '../ports/ai-store.ts'
import type { AiParts } from './ai-parts.ts'
import { budgetWindows } from './budget-windows.ts'
import { type AiCost, type CostUsage, calculateCost, estimateUpperCost, unknownModelCost } from './calculate-cost.ts'

/** What the caller has said of the cost. */
export interface CostLimits {
  /** USD. */
  readonly maxCost?: string | undefined
  readonly allowUnknownCost: boolean
}

export interface ReserveInput {
  readonly model: AiModel
  /** The most that the call can use. */
  readonly upperUsage: CostUsage & { readonly units: Readonly<Record<string, number>> }
  readonly budgets: { readonly dailyBudget: string | null; readonly monthlyBudget: string | null }
  readonly limits: CostLimits
}

/** Usage that is reserved until it is known what became of the call. Each ends it; a second end changes nothing. */
export interface ReservedUsage {
  readonly usageId: string
  /** What the vendor reported; where it reported nothing that can be priced, the upper estimate stands and says so. */
  settle(metering: AiMetering): Promise<AiCost>
  /** The vendor may have billed: the upper estimate stands, with this reason. */
  settleUpper(reason: string): Promise<AiCost>
  /** The vendor did nothing. */
  release(): Promise<void>
}

/**
 * Writes down what a call may cost at most, before it is made. Throws `BUDGET_EXCEEDED` with the window (`call` for the caller's own limit), its limit
 * and what is used, and with a budget set `COST_UNKNOWN` for a model without a price that the caller sets no limit for.
 */
export async function reserveUsage(
  context: AccountContext,
  parts: AiParts,
  input: ReserveInput,
): Promise<ReservedUsage> {
  const { model, upperUsage } = input
  const now = context.clock.now()
  const { maxCost, allowUnknownCost } = input.limits
  const estimate = withinLimit(estimateUpperCost(model, upperUsage, now), maxCost)
  const windows = budgetWindows(now, input.budgets)
  if (windows.length > 0 && estimate.amount === null && !allowUnknownCost) throw costUnknown(model, estimate)
  const usage: AiUsage = {
    id: context.newId(),
    accountId: context.accountId,
    provider: model.provider,
    model: model.id,
    kind: model.type,
    status: 'reserved',
    units: upperUsage.units,
    cost: estimate.amount,
    certainty: estimate.amount === null ? 'unknown' : 'estimated',
    reason: estimate.reason,
    createdAt: now,
    settledAt: null,
  }
  const outcome = await context.storage.ai.reserveUsage(usage, windows)
  if (outcome.kind === 'full') {
    await tellExceeded(context, parts, outcome.window, outcome.used)
    throw budgetExceeded(outcome.window, outcome.used, estimate)
  }

  async function end(status: 'settled' | 'released', units: AiUsage['units'], cost: AiCost): Promise<void> {
    const { amount, certainty, reason } = cost
    const ended: AiUsage = { ...usage, status, units, cost: amount, certainty, reason, settledAt: context.clock.now() }
    // The call is made and its answer there: a storage that fails now must not take it away. The sweep settles what stays reserved.
    await context.storage.ai.settleUsage(ended).catch((error: unknown) =>
      context.logger.error('The usage of an AI call could not be settled; the sweep will do it.', {
        usageId: usage.id,
        ...describeFailure(error),
      }),
    )
  }

  return {
    usageId: usage.id,
    async settle(metering) {
      const known = costOf(model, metering, now)
      const cost = known.amount === null ? atMost(estimate, known.reason) : known
      await end('settled', metering.units, cost)
      return cost
    },
    async settleUpper(reason) {
      const cost = atMost(estimate, reason)
      await end('settled', usage.units, cost)
      return cost
    },
    async release() {
      await end('released', {}, { ...estimate, reason: 'Nothing was done.' })
    },
  }
}

/** The estimate, held against the caller's limit, which stands for it where there is no price. */
function withinLimit(estimate: AiCost, maxCost: string | undefined): AiCost {
  if (maxCost === undefined) return estimate
  if (estimate.amount === null)
    return {
      ...estimate,
      amount: maxCost,
      certainty: 'estimated',
      reason: 'No price is known; this is the most that the caller allows.',
    }
  if (isGreater(parseDecimal(estimate.amount), parseDecimal(maxCost))) throw limitExceeded(maxCost, estimate)
  return estimate
}

/** An answer that was paid for is not lost over a number in it. */
function costOf(model: AiModel, { units, attributes, reportedCost }: AiMetering, at: Date): AiCost {
  try {
    return calculateCost(model, { units, attributes, reportedCost }, at)
  } catch (error) {
    if (!isIgny8Error(error)) throw error
    return { ...unknownModelCost(model.id), reason: 'The vendor reported usage that is no number.' }
  }
}

/** The upper estimate as the cost, with the reason why it has to stand for it; unknown where there is none. */
function atMost(estimate: AiCost, reason: string | null): AiCost {
  const why = estimate.amount === null ? estimate.reason : 'The upper estimate stands for it.'
  const certainty = estimate.amount === null ? 'unknown' : 'estimated'
  return { ...estimate, certainty, reason: [...new Set([reason, why])].filter(Boolean).join(' ') }
}

/** Once for each window, as far as this process knows: a host wants to hear of it, not of every call that follows. */
async function tellExceeded(
  context: AccountContext,
  parts: AiParts,
  window: BudgetWindow,
  used: string,
): Promise<void> {
  if (!parts.toldWindows.isNews(context.accountId, window)) return
  const data = { window: window.name, limit: window.limit, used, resetsAt: window.to.toISOString() }
  await context.storage.outbox.append([context.newEvent('ai.budget_exceeded', context.accountId, data)])
  context.committed()
}

function limitExceeded(maxCost: string, { amount }: AiCost): Igny8Error {
  return new Igny8Error({
    code: 'BUDGET_EXCEEDED',
    message: `This call may take up to ${amount} USD, and maxCost allows ${maxCost}.`,
    hint: 'Raise maxCost, ask for less output or fewer images, or choose a cheaper model.',
    details: { window: 'call', limit: maxCost, used: '0', upperEstimate: amount, resetsAt: null },
  })
}

function budgetExceeded(window: BudgetWindow, used: string, estimate: AiCost): Igny8Error {
  return new Igny8Error({
    code: 'BUDGET_EXCEEDED',
    message: `The ${window.name} budget of ${window.limit} USD has ${used} USD used or reserved; this call may take up to ${estimate.amount ?? 'an unknown amount of'} USD more.`,
    hint: `Raise ${window.name === 'daily' ? 'dailyBudget' : 'monthlyBudget'}, ask for less output, or wait until ${window.to.toISOString()}.`,
    details: {
      window: window.name,
      limit: window.limit,
      used,
      upperEstimate: estimate.amount,
      resetsAt: window.to.toISOString(),
    },
  })
}

function costUnknown(model: AiModel, estimate: AiCost): Igny8Error {
  return new Igny8Error({
    code: 'COST_UNKNOWN',
    message: `A budget is set, and nobody can tell what this call will cost: ${estimate.reason}`,
    hint: 'Pass maxCost, give the model a price by ai.models.putModel, or pass allowUnknownCost: true.',
    details: { model: model.id },
  })
}

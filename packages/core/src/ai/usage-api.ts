import * as z from 'zod'
import type { InputOf } from '../errors/input-of.ts'
import { notFound } from '../errors/not-found.ts'
import { parseInput } from '../errors/parse-input.ts'
import type { AiUsage } from '../model/ai.ts'
import { addDecimals, formatDecimal, parseDecimal } from '../model/decimal.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { BudgetWindow, UsageSum } from '../ports/ai-store.ts'
import type { Page } from '../ports/page.ts'
import type { AiParts } from './ai-parts.ts'
import { windowOf } from './budget-windows.ts'
import { readEffectiveSettings } from './effective-settings.ts'

const id = z.string().min(1).max(255)
const listSchema = z.strictObject({
  since: z.date().optional(),
  limit: z.int().min(1).max(500).default(50),
  cursor: z.string().max(2_000).optional(),
})
const sumSchema = z
  .strictObject({ from: z.date(), to: z.date() })
  .refine(({ from, to }) => from < to, { path: ['to'], message: 'must be after from' })

/** A page of the usage since an instant. @default 50 a page */
export type ListUsageInput = InputOf<typeof listSchema>
/** The time that a sum covers: `from` is part of it, `to` is not. */
export type SumUsageInput = InputOf<typeof sumSchema>

/** A budget and how much of it is gone. */
export interface BudgetStatus {
  readonly name: BudgetWindow['name']
  readonly from: Date
  readonly to: Date
  /** USD; `null` is no budget. */
  readonly limit: string | null
  /** USD, settled and reserved. */
  readonly used: string
}

/** What AI used and cost in one account. */
export interface AiUsageApi {
  get(usageId: string): Promise<AiUsage>
  /** Newest first. */
  list(input?: ListUsageInput): Promise<Page<AiUsage>>
  /** Exact sums by provider, model, kind and certainty of what was begun in `[from, to)`. */
  sum(input: SumUsageInput): Promise<readonly UsageSum[]>
  /** The day and the month in UTC. */
  budgets(): Promise<readonly BudgetStatus[]>
}

export function createAiUsageApi(context: AccountContext, parts: AiParts): AiUsageApi {
  const { ai } = context.storage
  return {
    async get(usageId) {
      const usage = await ai.getUsage(parseInput(id, usageId))
      if (usage === undefined) throw notFound('usage', usageId)
      return usage
    },
    list: async (input = {}) => ai.listUsage(parseInput(listSchema, input)),
    async sum(input) {
      const { from, to } = parseInput(sumSchema, input)
      return ai.sumUsage(from, to)
    },
    async budgets() {
      const settings = await readEffectiveSettings(context, parts.platform)
      const now = context.clock.now()
      const limits = { daily: settings.dailyBudget, monthly: settings.monthlyBudget }
      return Promise.all(
        (['daily', 'monthly'] as const).map(async (name) => {
          const window = windowOf(name, now)
          const sums = await ai.sumUsage(window.from, window.to)
          const used = sums.map(({ cost }) => parseDecimal(cost)).reduce(addDecimals, parseDecimal('0'))
          return { ...window, limit: limits[name], used: formatDecimal(used) }
        }),
      )
    },
  }
}

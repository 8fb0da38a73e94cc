import {
  type AiStore,
  type AiUsage,
  addDecimals,
  type BudgetWindow,
  type Decimal,
  formatDecimal,
  isGreater,
  parseDecimal,
  type UsageSum,
} from '@igny8/core'
import { putVersion } from './compare-and-set.ts'
import { type Order, pageOf } from './memory-page.ts'
import type { Synchronous } from './memory-session.ts'
import type { MemoryTables } from './memory-tables.ts'

export function createMemoryAiStore({ aiSettings, aiModels, aiUsage }: MemoryTables): Synchronous<AiStore> {
  const countedIn = (from: Date, to: Date): AiUsage[] =>
    aiUsage.all().filter((row) => row.status !== 'released' && from <= row.createdAt && row.createdAt < to)
  const usedIn = ({ from, to }: BudgetWindow): Decimal => sumOf(countedIn(from, to))
  return {
    getSettings: () => aiSettings.all()[0],
    putSettings: (settings) => putVersion(aiSettings, settings),
    listModelOverrides: () => aiModels.all(),
    putModelOverride: (model) => aiModels.set(model),
    removeModelOverride: (modelId) => aiModels.remove(modelId),
    reserveUsage(usage, windows) {
      for (const window of windows) {
        const used = usedIn(window)
        if (isGreater(addDecimals(used, costOf(usage)), parseDecimal(window.limit))) {
          return { kind: 'full', window, used: formatDecimal(used) }
        }
      }
      aiUsage.insert(usage)
      return { kind: 'reserved' }
    },
    settleUsage: (usage) => aiUsage.setIf(usage, (stored) => stored?.status === 'reserved'),
    getUsage: (usageId) => aiUsage.get(usageId),
    sumUsage(from, to) {
      const groups = Map.groupBy(countedIn(from, to), ({ provider, model, kind, certainty }) =>
        JSON.stringify([provider, model, kind, certainty]),
      )
      return [...groups.values()].map(summarise)
    },
    listUsage({ since, ...query }) {
      const rows = aiUsage.all().filter((row) => since === undefined || row.createdAt >= since)
      return pageOf(rows, query, newestFirst)
    },
  }
}

function summarise(rows: readonly AiUsage[]): UsageSum {
  const { provider, model, kind, certainty } = rows[0] as AiUsage
  return { provider, model, kind, certainty, count: rows.length, cost: formatDecimal(sumOf(rows)) }
}

const sumOf = (rows: readonly AiUsage[]): Decimal => rows.map(costOf).reduce(addDecimals, parseDecimal('0'))

const costOf = (usage: AiUsage): Decimal => parseDecimal(usage.cost ?? '0')

const newestFirst: Order<AiUsage> = {
  name: 'usage',
  key: (usage) => [usage.createdAt.getTime(), usage.id],
  direction: 'desc',
}

import type { AiStore, AiUsage, BudgetWindow } from '@igny8/core'
import { putVersion } from './compare-and-set.ts'
import { addDecimals, type Decimal, formatDecimal, isGreater, parseDecimal } from './decimal.ts'
import { type Order, pageOf } from './memory-page.ts'
import type { Synchronous } from './memory-session.ts'
import type { MemoryTables } from './memory-tables.ts'

export function createMemoryAiStore({ aiSettings, aiModels, aiUsage }: MemoryTables): Synchronous<AiStore> {
  function usedIn({ from, to }: BudgetWindow): Decimal {
    const counted = aiUsage
      .all()
      .filter((row) => row.status !== 'released' && from <= row.createdAt && row.createdAt < to)
    return counted.map(costOf).reduce(addDecimals, parseDecimal('0'))
  }
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
    listUsage({ since, ...query }) {
      const rows = aiUsage.all().filter((row) => since === undefined || row.createdAt >= since)
      return pageOf(rows, query, newestFirst)
    },
  }
}

const costOf = (usage: AiUsage): Decimal => parseDecimal(usage.cost ?? '0')

const newestFirst: Order<AiUsage> = {
  name: 'usage',
  key: (usage) => [usage.createdAt.getTime(), usage.id],
  direction: 'desc',
}

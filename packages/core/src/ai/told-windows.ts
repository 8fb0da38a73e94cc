import type { BudgetWindow } from '../ports/ai-store.ts'

/** Which exceeded windows of budgets this process has told of. */
export interface ToldWindows {
  /** Whether nobody has heard of this window and its limit yet; from now on somebody has. */
  isNews(accountId: string, window: Pick<BudgetWindow, 'name' | 'from' | 'limit'>): boolean
}

/** Of more windows than `maxEntries`, the one told longest ago is forgotten, and would be told again. */
export function createToldWindows(maxEntries = 10_000): ToldWindows {
  const told = new Map<string, string>()
  return {
    isNews(accountId, { name, from, limit }) {
      const key = JSON.stringify([accountId, name])
      const window = `${from.toISOString()} ${limit}`
      if (told.get(key) === window) return false
      told.delete(key)
      told.set(key, window)
      const [oldest] = told.keys()
      if (told.size > maxEntries && oldest !== undefined) told.delete(oldest)
      return true
    },
  }
}

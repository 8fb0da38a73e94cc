import type { BudgetWindow } from '../ports/ai-store.ts'

/** Windows of the budgets that are set, in UTC: the day and the month of `now`. */
export function budgetWindows(
  now: Date,
  { dailyBudget, monthlyBudget }: { readonly dailyBudget: string | null; readonly monthlyBudget: string | null },
): readonly BudgetWindow[] {
  return [
    ...(dailyBudget === null ? [] : [{ ...windowOf('daily', now), limit: dailyBudget }]),
    ...(monthlyBudget === null ? [] : [{ ...windowOf('monthly', now), limit: monthlyBudget }]),
  ]
}

/** The day or month of `now` in UTC, as `[from, to)`. */
export function windowOf(name: BudgetWindow['name'], now: Date): Omit<BudgetWindow, 'limit'> {
  const [year, month, day] = [now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()]
  return name === 'daily'
    ? { name, from: new Date(Date.UTC(year, month, day)), to: new Date(Date.UTC(year, month, day + 1)) }
    : { name, from: new Date(Date.UTC(year, month, 1)), to: new Date(Date.UTC(year, month + 1, 1)) }
}

import type { AiModel, AiUsage, StoredAiSettings } from '../model/ai.ts'
import type { Page, PageQuery } from './page.ts'

/** A budget window as instants, `[from, to)`; `limit` in USD as a decimal string. */
export interface BudgetWindow {
  readonly name: 'daily' | 'monthly'
  readonly from: Date
  readonly to: Date
  readonly limit: string
}

/** Whether usage is recorded, or which window would be passed, and what was used of it. */
export type ReserveUsageOutcome =
  | { readonly kind: 'reserved' }
  | { readonly kind: 'full'; readonly window: BudgetWindow; readonly used: string }

/** What settled and reserved usage of one kind comes to. */
export interface UsageSum {
  readonly provider: string
  readonly model: string
  readonly kind: AiUsage['kind']
  readonly certainty: AiUsage['certainty']
  readonly count: number
  /** USD as an exact decimal string; usage of unknown cost adds nothing. */
  readonly cost: string
}

/** AI settings, models and usage of one account (or of the account `platform`). */
export interface AiStore {
  getSettings(): Promise<StoredAiSettings | undefined>
  /** Inserts version 1, or replaces the version one lower. Returns whether it did. */
  putSettings(settings: StoredAiSettings): Promise<boolean>
  listModelOverrides(): Promise<readonly AiModel[]>
  putModelOverride(model: AiModel): Promise<void>
  removeModelOverride(modelId: string): Promise<void>
  /**
   * Records `usage` (its `cost` is the upper estimate) unless a window would be passed. Sums are exact decimals over reserved and
   * settled usage. Atomic per account.
   */
  reserveUsage(usage: AiUsage, windows: readonly BudgetWindow[]): Promise<ReserveUsageOutcome>
  /** Replaces a reserved usage by what it became. Returns `false` where it is unknown or was settled. */
  settleUsage(usage: AiUsage): Promise<boolean>
  getUsage(usageId: string): Promise<AiUsage | undefined>
  /** Sums of what was begun in `[from, to)`, released usage left out, by provider, model, kind and certainty, in no order. */
  sumUsage(from: Date, to: Date): Promise<readonly UsageSum[]>
  /** Newest first. */
  listUsage(query: PageQuery & { readonly since?: Date | undefined }): Promise<Page<AiUsage>>
}

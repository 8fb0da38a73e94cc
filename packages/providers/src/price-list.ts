import type { ModelPrice } from '@igny8/core'

/** Where prices were read, and from when on they hold. */
export interface PriceSource {
  readonly effectiveFrom: string
  readonly source: string
  /** Where the vendor itself publishes none. */
  readonly isEstimate?: true
}

const perMillion = 1_000_000

/** What resellers charge for models whose vendor names no price. */
export const resold: PriceSource = {
  effectiveFrom: '2026-11-01',
  source: 'what resellers charge, as of November 2026',
  isEstimate: true,
}

/** Prices in USD a million tokens, by dimension; `aboveInputTokens` where the vendor is dearer for long inputs. */
export function tokenPrices(
  amounts: Readonly<Record<string, string>>,
  source: PriceSource,
  aboveInputTokens = 0,
): ModelPrice[] {
  return Object.entries(amounts).map(([dimension, amount]) => ({
    dimension,
    match: {},
    amount,
    per: perMillion,
    aboveInputTokens,
    ...source,
  }))
}

/** One price in USD an image. */
export function imagePrice(amount: string, match: Readonly<Record<string, string>>, source: PriceSource): ModelPrice {
  return { dimension: 'image', match, amount, per: 1, aboveInputTokens: 0, ...source }
}

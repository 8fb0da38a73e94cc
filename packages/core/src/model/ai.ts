/** The spec's GlobalIntegrationSettings: per account, or platform-wide under the account `platform`. */
export interface StoredAiSettings {
  readonly accountId: string
  /** Envelopes by provider name: `openai`, `anthropic`, `runware`, `bria`, … */
  readonly apiKeys: Readonly<Record<string, string>>
  readonly defaultTextModel: string | null
  readonly defaultImageModel: string | null
  readonly defaultImageProvider: string | null
  /** USD as decimal strings; `null` is no budget. */
  readonly dailyBudget: string | null
  readonly monthlyBudget: string | null
  readonly version: number
  readonly updatedAt: Date
}

/**
 * One price of a model. Of the prices of a dimension that fit, the most specific `match` counts; of that, those of the newest date that has
 * begun, which replace all earlier ones; of these, the one of the highest `aboveInputTokens` passed.
 */
export interface ModelPrice {
  /** `input`, `cached_input`, `cache_write`, `output`, `reasoning`, `image`, `request`, … No unit counts in two of them. */
  readonly dimension: string
  /** What narrows it: size and quality of an image, … Empty matches all. */
  readonly match: Readonly<Record<string, string>>
  /** USD per `per` units, exact decimal. */
  readonly amount: string
  /** A power of ten, so that every cost is an exact decimal. */
  readonly per: number
  /** Applies to the whole call where it has more input tokens than this, cached ones among them. */
  readonly aboveInputTokens: number
  /** ISO date; the day begins in UTC. */
  readonly effectiveFrom: string
  readonly source: string
  /** For what the vendor itself does not publish: a cost made of it is `estimated`. @default false */
  readonly isEstimate?: boolean | undefined
}

/** A model that a provider offers. */
export interface AiModel {
  readonly id: string
  /** The vendor's own name for it. */
  readonly wireId: string
  readonly provider: string
  readonly type: 'text' | 'image'
  readonly contextTokens: number | null
  readonly maxOutputTokens: number | null
  readonly capabilities: readonly string[]
  readonly prices: readonly ModelPrice[]
  readonly deprecatedFrom: string | null
}

/** What one generation used and cost. */
export interface AiUsage {
  readonly id: string
  readonly accountId: string
  readonly provider: string
  readonly model: string
  readonly kind: 'text' | 'image'
  readonly status: 'reserved' | 'settled' | 'released'
  /** Units by dimension. */
  readonly units: Readonly<Record<string, number>>
  /** USD as a decimal string; `null` when unknown. */
  readonly cost: string | null
  readonly certainty: 'exact' | 'estimated' | 'unknown'
  /** Why the cost is not exact; `null` where it is. */
  readonly reason: string | null
  readonly createdAt: Date
  readonly settledAt: Date | null
}

import type { AiModel, AiUsage, StoredAiSettings } from '../model/ai.ts'
import { buildId, buildInstant, testAccountId } from './build-identity.ts'

/** Makes AI settings in which nothing is set. */
export function buildAiSettings(overrides: Partial<StoredAiSettings> = {}): StoredAiSettings {
  return {
    accountId: testAccountId,
    apiKeys: {},
    defaultTextModel: null,
    defaultImageModel: null,
    defaultImageProvider: null,
    dailyBudget: null,
    monthlyBudget: null,
    version: 1,
    updatedAt: buildInstant(),
    ...overrides,
  }
}

/** Makes a text model: one dollar a million tokens in, two out. */
export function buildAiModel(overrides: Partial<AiModel> = {}): AiModel {
  const price = { match: {}, per: 1_000_000, aboveInputTokens: 0, effectiveFrom: '2026-01-01', source: 'test' }
  return {
    id: 'text-model',
    wireId: 'text-model-2026-01-01',
    provider: 'openai',
    type: 'text',
    contextTokens: 128_000,
    maxOutputTokens: 16_000,
    capabilities: [],
    prices: [
      { ...price, dimension: 'input', amount: '1' },
      { ...price, dimension: 'output', amount: '2' },
    ],
    deprecatedFrom: null,
    ...overrides,
  }
}

/** Makes the `number`th usage: reserved, one cent. */
export function buildAiUsage(overrides: Partial<AiUsage> = {}, number = 1): AiUsage {
  return {
    id: buildId('usage', number),
    accountId: testAccountId,
    provider: 'openai',
    model: 'text-model',
    kind: 'text',
    status: 'reserved',
    units: { input: 1000, output: 500 },
    cost: '0.01',
    certainty: 'estimated',
    reason: 'Not settled yet.',
    createdAt: buildInstant(number),
    settledAt: null,
    ...overrides,
  }
}

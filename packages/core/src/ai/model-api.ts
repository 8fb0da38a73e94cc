import { Igny8Error } from '../errors/igny8-error.ts'
import { notFound } from '../errors/not-found.ts'
import { parseInput } from '../errors/parse-input.ts'
import type { AiModel } from '../model/ai.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { AiParts } from './ai-parts.ts'
import { type AiCost, type CostUsage, calculateCost, unknownModelCost } from './calculate-cost.ts'
import { platformAccountId } from './model-registry.ts'
import {
  type ListModelsInput,
  listModelsSchema,
  modelIdSchema,
  modelSchema,
  type PutModelInput,
  usageSchema,
} from './model-schema.ts'

/** The model registry, as one account sees it: what providers declare, the platform's changes, the account's own changes. */
export interface ModelApi {
  /** Throws `NOT_FOUND`. */
  getModel(modelId: string): Promise<AiModel>
  /** In the order of the providers. */
  listModels(input?: ListModelsInput): Promise<readonly AiModel[]>
  /** By today's prices. An unknown model has an unknown cost. Throws `INVALID_INPUT` for numbers that are none. */
  calculateCost(modelId: string, usage: CostUsage): Promise<AiCost>
  /** Adds a model, or replaces the one of this id. Throws `PROVIDER_NOT_INSTALLED`. */
  putModel(model: PutModelInput): Promise<AiModel>
  /** Takes an addition or a replacement back. Idempotent. */
  removeModel(modelId: string): Promise<void>
  /** Forgets what is cached, so that the next call sees what another process wrote. */
  refresh(): void
}

export function createModelApi(
  { accountId, storage, clock }: AccountContext,
  { registry, providers }: AiParts,
): ModelApi {
  return {
    async getModel(modelId) {
      const model = (await registry.modelsOf(accountId)).get(parseInput(modelIdSchema, modelId))
      if (model === undefined) throw notFound('model', modelId)
      return model
    },
    async listModels(input = {}) {
      const { modelType, provider } = parseInput(listModelsSchema, input)
      const models = [...(await registry.modelsOf(accountId)).values()]
      return models.filter(
        (model) =>
          (modelType === undefined || model.type === modelType) &&
          (provider === undefined || model.provider === provider),
      )
    },
    async calculateCost(modelId, usage) {
      const given = parseInput(usageSchema, usage)
      const model = (await registry.modelsOf(accountId)).get(parseInput(modelIdSchema, modelId))
      return model === undefined ? unknownModelCost(modelId) : calculateCost(model, given, clock.now())
    },
    async putModel(input) {
      const model = parseInput(modelSchema, input)
      if (!providers.has(model.provider)) throw providerNotInstalled(model.provider, providers)
      await storage.ai.putModelOverride(model)
      registry.invalidate(accountId)
      return model
    },
    async removeModel(modelId) {
      await storage.ai.removeModelOverride(parseInput(modelIdSchema, modelId))
      registry.invalidate(accountId)
    },
    refresh() {
      registry.invalidate(platformAccountId)
      registry.invalidate(accountId)
    },
  }
}

/** The answer to a provider that was not given to `createIgny8`. */
export function providerNotInstalled(name: string, providers: ReadonlyMap<string, unknown>): Igny8Error {
  return new Igny8Error({
    code: 'PROVIDER_NOT_INSTALLED',
    message: `No AI provider "${name.slice(0, 64)}" was given.`,
    hint: `Pass it in createIgny8({ providers: [...] }); installed: ${[...providers.keys()].join(', ') || 'none'}.`,
    details: { provider: name.slice(0, 64) },
  })
}

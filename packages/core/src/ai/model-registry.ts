import { Igny8Error } from '../errors/igny8-error.ts'
import type { AiModel } from '../model/ai.ts'
import type { AiProvider } from '../ports/ai-provider.ts'
import type { Clock } from '../ports/clock.ts'
import type { Logger } from '../ports/logger.ts'
import { createRefreshedCache } from './refreshed-cache.ts'

/** The account under which what holds for all accounts is kept. */
export const platformAccountId = 'platform'

/** Models by id, as one account sees them. */
export type ModelCatalogue = ReadonlyMap<string, AiModel>

/** Models of all providers, with the overrides of the platform and, over them, of each account. */
export interface ModelRegistry {
  /** At most `ttlMs` behind what other processes write, and then behind one look. */
  modelsOf(accountId: string): Promise<ModelCatalogue>
  /** After a write by this process. An account's, or for the platform everybody's. */
  invalidate(accountId: string): void
}

export interface ModelRegistryOptions {
  readonly providers: ReadonlyMap<string, AiProvider>
  loadOverrides(accountId: string): Promise<readonly AiModel[]>
  readonly clock: Clock
  readonly logger: Logger
  /** @default 60_000 */
  readonly ttlMs?: number
}

/** Makes the registry. Throws `INVALID_INPUT` where two providers offer models under one id. */
export function createModelRegistry(options: ModelRegistryOptions): ModelRegistry {
  const { clock, logger, ttlMs = 60_000 } = options
  const builtIn = collectModels(options.providers)
  const overrides = createRefreshedCache({
    load: options.loadOverrides,
    clock,
    logger,
    ttlMs,
    maxStaleMs: 10 * ttlMs,
    maxEntries: 1_000,
  })
  /** By the rows of the account: they are new objects whenever they were read again. */
  const merged = new WeakMap<
    readonly AiModel[],
    { readonly platform: readonly AiModel[]; readonly models: ModelCatalogue }
  >()

  return {
    async modelsOf(accountId) {
      const [platform, own] = await Promise.all([overrides.get(platformAccountId), overrides.get(accountId)])
      const known = merged.get(own)
      if (known?.platform === platform) return known.models
      const models = new Map(builtIn)
      for (const model of [...platform, ...own]) models.set(model.id, model)
      merged.set(own, { platform, models })
      return models
    },
    invalidate: overrides.invalidate,
  }
}

function collectModels(providers: ReadonlyMap<string, AiProvider>): ModelCatalogue {
  const models = new Map<string, AiModel>()
  for (const model of [...providers.values()].flatMap((provider) => provider.models)) {
    const twin = models.get(model.id)
    if (twin !== undefined)
      throw new Igny8Error({
        code: 'INVALID_INPUT',
        message: `providers: ${twin.provider} and ${model.provider} both offer a model "${model.id}".`,
        hint: 'Give one of them another id.',
        details: { field: 'providers' },
      })
    models.set(model.id, model)
  }
  return models
}

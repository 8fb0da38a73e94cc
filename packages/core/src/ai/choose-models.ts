import { Igny8Error } from '../errors/igny8-error.ts'
import { notFound } from '../errors/not-found.ts'
import type { AiModel } from '../model/ai.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { AiParts } from './ai-parts.ts'
import type { EffectiveSettings } from './effective-settings.ts'
import { providerNotInstalled } from './model-api.ts'
import type { ModelCatalogue } from './model-registry.ts'
import type { Candidate } from './run-chain.ts'

/**
 * The models of a call, in order: the one asked for or the default, then the fallbacks. All are checked before the first request. Throws `MODEL_NOT_CHOSEN`,
 * `NOT_FOUND`, `UNSUPPORTED`, `PROVIDER_NOT_INSTALLED`, or `KEY_MISSING` where no model has a key.
 */
export async function chooseModels(
  context: AccountContext,
  parts: AiParts,
  settings: EffectiveSettings,
  input: {
    readonly type: 'text' | 'image'
    readonly model?: string | undefined
    readonly fallbacks: readonly string[]
  },
): Promise<readonly [Candidate, ...Candidate[]]> {
  const models = await parts.registry.modelsOf(context.accountId)
  const first = input.model ?? defaultModel(input.type, settings, models)
  if (first === undefined) throw notChosen(input.type)
  const [candidate, ...others] = [...new Set([first, ...input.fallbacks])].map((modelId) =>
    candidateOf(modelId, input.type, models, parts),
  )
  if (candidate === undefined) throw notChosen(input.type)
  const all: readonly [Candidate, ...Candidate[]] = [candidate, ...others]
  // Where none has a key, the first says which key to enter.
  if (!all.some(({ model }) => settings.hasKey(model.provider))) await settings.openKey(candidate.model.provider)
  return all
}

function candidateOf(modelId: string, type: 'text' | 'image', models: ModelCatalogue, parts: AiParts): Candidate {
  const model = models.get(modelId)
  if (model === undefined) throw notFound('model', modelId)
  const provider = parts.providers.get(model.provider)
  if (provider === undefined) throw providerNotInstalled(model.provider, parts.providers)
  if (model.type !== type || provider[type] === undefined) throw wrongType(model, type)
  return { model, provider }
}

function defaultModel(type: 'text' | 'image', settings: EffectiveSettings, models: ModelCatalogue): string | undefined {
  if (type === 'text') return settings.defaultTextModel ?? undefined
  if (settings.defaultImageModel !== null) return settings.defaultImageModel
  if (settings.defaultImageProvider === null) return undefined
  const own = [...models.values()].filter(
    (model) => model.type === 'image' && model.provider === settings.defaultImageProvider,
  )
  return (own.find(({ deprecatedFrom }) => deprecatedFrom === null) ?? own[0])?.id
}

function notChosen(type: 'text' | 'image'): Igny8Error {
  const field = type === 'text' ? 'defaultTextModel' : 'defaultImageModel'
  return new Igny8Error({
    code: 'MODEL_NOT_CHOSEN',
    message: `No model of ${type} was asked for, and there is no default.`,
    hint: `Pass model, or set ${field} by ai.settings.update.`,
    details: { field },
  })
}

function wrongType(model: AiModel, type: 'text' | 'image'): Igny8Error {
  return new Igny8Error({
    code: 'UNSUPPORTED',
    message: `${model.id} of ${model.provider} makes no ${type}.`,
    hint: `Choose one of ai.models.listModels({ modelType: '${type}' }).`,
    details: { model: model.id },
  })
}

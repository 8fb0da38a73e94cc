import { invalidInput } from '../errors/invalid-input.ts'
import { versionConflict } from '../errors/not-found.ts'
import { parseInput } from '../errors/parse-input.ts'
import type { StoredAiSettings } from '../model/ai.ts'
import type { SecretView } from '../model/site.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { AiParts } from './ai-parts.ts'
import { type UpdateAiSettingsInput, updateAiSettingsSchema } from './ai-settings-schema.ts'
import { keyPlace } from './effective-settings.ts'
import { providerNotInstalled } from './model-api.ts'
import type { ModelCatalogue } from './model-registry.ts'

/** The spec's GlobalIntegrationSettings, as they are shown: of a key only that it is set, and a fingerprint. */
export interface AiSettings extends Omit<StoredAiSettings, 'accountId' | 'apiKeys' | 'updatedAt'> {
  /** Of every provider that was given to `createIgny8`, and any that a key is kept of. */
  readonly apiKeys: Readonly<Record<string, SecretView>>
  readonly updatedAt: Date | null
}

/** Keys, defaults and budgets: an account's own, or on `igny8.platform` what holds for every account that has not set its own. */
export interface AiSettingsApi {
  /** Version 0 where nothing was set yet. */
  get(): Promise<AiSettings>
  /**
   * Throws `VERSION_CONFLICT`, `PROVIDER_NOT_INSTALLED`, or `INVALID_INPUT` for an unknown model, or for a default image model that is not of the default
   * image provider. Giving a key again replaces it.
   */
  update(input: UpdateAiSettingsInput): Promise<AiSettings>
}

export function createAiSettingsApi(context: AccountContext, parts: AiParts): AiSettingsApi {
  const { accountId, storage, vault, clock } = context

  async function view(stored: StoredAiSettings | undefined): Promise<AiSettings> {
    const { accountId: _, apiKeys, updatedAt, ...rest } = stored ?? nothingSet(accountId)
    const names = new Set([...parts.providers.keys(), ...Object.keys(apiKeys)])
    const views = await Promise.all(
      [...names].map(async (name): Promise<[string, SecretView]> => {
        const envelope = Object.hasOwn(apiKeys, name) ? apiKeys[name] : undefined
        return [name, await vault.view(envelope ?? null, keyPlace(accountId, name))]
      }),
    )
    return { ...rest, apiKeys: Object.fromEntries(views), updatedAt: stored === undefined ? null : updatedAt }
  }

  async function sealKeys(keys: Readonly<Record<string, string | null>>) {
    for (const name of Object.keys(keys))
      if (!parts.providers.has(name)) throw providerNotInstalled(name, parts.providers)
    return Promise.all(
      Object.entries(keys).map(
        async ([name, key]): Promise<[string, string | null]> => [
          name,
          key === null ? null : await vault.seal(key, keyPlace(accountId, name)),
        ],
      ),
    )
  }

  return {
    get: async () => view(await storage.ai.getSettings()),
    async update(input) {
      const { version, changes, actor } = parseInput(updateAiSettingsSchema, input)
      const { apiKeys = {}, ...fields } = changes
      const sealed = await sealKeys(apiKeys)
      const models = await parts.registry.modelsOf(accountId)
      const saved = await storage.transaction(async (stores) => {
        const before = (await stores.ai.getSettings()) ?? nothingSet(accountId)
        const keys: Record<string, string> = { ...before.apiKeys }
        for (const [name, envelope] of sealed)
          if (envelope === null) delete keys[name]
          else keys[name] = envelope
        const given = Object.entries(fields).filter(([, value]) => value !== undefined)
        const next: StoredAiSettings = {
          ...before,
          ...Object.fromEntries(given),
          apiKeys: keys,
          version: version + 1,
          updatedAt: clock.now(),
        }
        checkDefaults(next, new Set(given.map(([name]) => name)), models, parts.providers)
        if (!(await stores.ai.putSettings(next))) throw versionConflict('AI settings', accountId)
        const changed = [...given.map(([name]) => name), ...sealed.map(([name]) => `apiKeys.${name}`)].join(', ')
        await stores.outbox.append([
          context.newEvent('ai.settings_updated', accountId, { actor, version: next.version, changed }),
        ])
        return next
      })
      context.committed()
      return view(saved)
    },
  }
}

function nothingSet(accountId: string): StoredAiSettings {
  return {
    accountId,
    apiKeys: {},
    defaultTextModel: null,
    defaultImageModel: null,
    defaultImageProvider: null,
    dailyBudget: null,
    monthlyBudget: null,
    version: 0,
    updatedAt: new Date(0),
  }
}

/** Only what is changed: a model that has gone meanwhile must not stand in the way of a new key. */
function checkDefaults(
  { defaultTextModel, defaultImageModel, defaultImageProvider }: StoredAiSettings,
  changed: ReadonlySet<string>,
  models: ModelCatalogue,
  providers: AiParts['providers'],
): void {
  if (defaultTextModel !== null && changed.has('defaultTextModel'))
    checkModel('defaultTextModel', defaultTextModel, 'text', models)
  if (!changed.has('defaultImageProvider') && !changed.has('defaultImageModel')) return
  if (defaultImageProvider !== null && !providers.has(defaultImageProvider))
    throw providerNotInstalled(defaultImageProvider, providers)
  if (defaultImageModel === null) return
  const model = checkModel('defaultImageModel', defaultImageModel, 'image', models)
  if (defaultImageProvider !== null && model.provider !== defaultImageProvider)
    throw invalidInput(
      'defaultImageModel',
      `${model.id} is a model of ${model.provider}, not of the default image provider ${defaultImageProvider}.`,
      'Change defaultImageProvider with it, or choose a model of that provider.',
    )
}

function checkModel(field: string, modelId: string, type: 'text' | 'image', models: ModelCatalogue) {
  const model = models.get(modelId)
  if (model === undefined)
    throw invalidInput(
      field,
      `there is no model "${modelId}".`,
      `Models of ${type} are listed by ai.models.listModels({ modelType: '${type}' }).`,
    )
  if (model.type !== type) throw invalidInput(field, `${model.id} makes ${model.type}.`, `Choose a model of ${type}.`)
  return model
}

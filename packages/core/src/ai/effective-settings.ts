import { Igny8Error } from '../errors/igny8-error.ts'
import type { StoredAiSettings } from '../model/ai.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { Secret } from '../ports/secret.ts'
import { platformAccountId } from './model-registry.ts'

/** What holds for an account: its own settings, and the platform's for what it has not set. */
export interface EffectiveSettings {
  readonly defaultTextModel: string | null
  readonly defaultImageModel: string | null
  readonly defaultImageProvider: string | null
  readonly dailyBudget: string | null
  readonly monthlyBudget: string | null
  hasKey(provider: string): boolean
  /** Throws `KEY_MISSING`. */
  openKey(provider: string): Promise<{ readonly apiKey: Secret; readonly keyFrom: 'account' | 'platform' }>
}

/** Where the key of a provider is kept. */
export function keyPlace(accountId: string, provider: string) {
  return { row: accountId, field: `apiKeys.${provider}` }
}

/** Reads both rows; they are never cached, so that a revoked key or a lowered budget counts at once. */
export async function readEffectiveSettings(
  context: AccountContext,
  platform: AccountContext,
): Promise<EffectiveSettings> {
  const [own, shared] = await Promise.all([
    context.storage.ai.getSettings(),
    context.accountId === platformAccountId ? undefined : platform.storage.ai.getSettings(),
  ])
  return mergeSettings(context, own, platform, shared)
}

function mergeSettings(
  context: AccountContext,
  own: StoredAiSettings | undefined,
  platform: AccountContext,
  shared: StoredAiSettings | undefined,
): EffectiveSettings {
  const ownKey = (provider: string) => memberOf(own?.apiKeys, provider)
  const sharedKey = (provider: string) => memberOf(shared?.apiKeys, provider)
  return {
    defaultTextModel: own?.defaultTextModel ?? shared?.defaultTextModel ?? null,
    ...imageDefaults(own, shared),
    dailyBudget: own?.dailyBudget ?? shared?.dailyBudget ?? null,
    monthlyBudget: own?.monthlyBudget ?? shared?.monthlyBudget ?? null,
    hasKey: (provider) => (ownKey(provider) ?? sharedKey(provider)) !== undefined,
    async openKey(provider) {
      const own = ownKey(provider)
      if (own !== undefined)
        return { apiKey: await context.vault.open(own, keyPlace(context.accountId, provider)), keyFrom: 'account' }
      const shared = sharedKey(provider)
      if (shared === undefined) throw keyMissing(provider)
      return { apiKey: await platform.vault.open(shared, keyPlace(platform.accountId, provider)), keyFrom: 'platform' }
    },
  }
}

/** Model and provider of images belong together: an account that chose either does not get the platform's other one. */
function imageDefaults(own: StoredAiSettings | undefined, shared: StoredAiSettings | undefined) {
  const chosen = own?.defaultImageModel != null || own?.defaultImageProvider != null ? own : shared
  return {
    defaultImageModel: chosen?.defaultImageModel ?? null,
    defaultImageProvider: chosen?.defaultImageProvider ?? null,
  }
}

function memberOf(keys: Readonly<Record<string, string>> | undefined, provider: string): string | undefined {
  return keys !== undefined && Object.hasOwn(keys, provider) ? keys[provider] : undefined
}

function keyMissing(provider: string): Igny8Error {
  return new Igny8Error({
    code: 'KEY_MISSING',
    message: `No API key of ${provider} is kept for this account, nor for the platform.`,
    hint: `Enter one: ai.settings.update({ version, changes: { apiKeys: { ${provider}: key } } }).`,
    details: { provider },
  })
}

import { assertKnownOptions, invalidInput } from './errors/invalid-input.ts'

const known = new Set([
  'storage',
  'platforms',
  'providers',
  'encryption',
  'assets',
  'jobs',
  'outbound',
  'rateLimits',
  'fetch',
  'clock',
  'random',
  'logger',
  'timing',
  'historyDays',
  'tracer',
])

/** What would otherwise fail later, far from its cause, or pass unseen. Throws `INVALID_INPUT`. */
export function checkOptions(given: object): void {
  const options = (given ?? {}) as {
    readonly storage?: { readonly forAccount?: unknown }
    readonly platforms?: unknown
    readonly providers?: unknown
    readonly encryption?: { readonly keys?: unknown }
    readonly historyDays?: unknown
  }
  assertKnownOptions(options, known)
  if (typeof options.storage?.forAccount !== 'function')
    throw invalidInput('storage', 'is missing.', 'Pass one, such as createMemoryStorage().')
  if (!Array.isArray(options.platforms))
    throw invalidInput('platforms', 'is missing.', 'Pass a list of adapters, such as [createWordPressAdapter()].')
  if (!Array.isArray(options.encryption?.keys))
    throw invalidInput(
      'encryption.keys',
      'is missing.',
      'Pass at least one key; make one with: openssl rand -base64 32',
    )
  const { historyDays = null } = options
  if (historyDays !== null && !(Number.isSafeInteger(historyDays) && Number(historyDays) >= 1))
    throw invalidInput('historyDays', 'is no whole number of days.', 'Pass 1 or more, or null to keep everything.')
  const { providers = [] } = options
  if (!Array.isArray(providers))
    throw invalidInput('providers', 'is no list.', 'Pass a list of AI providers, such as [createOpenAIProvider()].')
  if (!options.platforms.every((given) => isNamed(given, 'platform')))
    throw invalidInput(
      'platforms',
      'holds something that is no adapter.',
      'Pass what the factory returns: createWordPressAdapter().',
    )
  if (!providers.every((given) => isNamed(given, 'name')))
    throw invalidInput(
      'providers',
      'holds something that is no AI provider.',
      'Pass what the factory returns: createOpenAIProvider().',
    )
  // The second adapter of a platform would silently hide the first.
  const platform = twinOf(options.platforms.map(({ platform }) => platform))
  if (platform !== undefined)
    throw invalidInput('platforms', `holds two adapters for "${platform}".`, 'Pass one adapter for each platform.')
  const provider = twinOf(providers.map(({ name }) => name))
  if (provider !== undefined)
    throw invalidInput('providers', `holds two named "${provider}".`, 'Pass one provider for each vendor.')
}

/** A factory that nobody called is named too, by its own name. */
function isNamed(given: unknown, by: 'platform' | 'name'): boolean {
  return typeof given === 'object' && given !== null && typeof (given as Record<string, unknown>)[by] === 'string'
}

function twinOf(names: readonly string[]): string | undefined {
  return names.find((name, index) => names.indexOf(name) < index)
}

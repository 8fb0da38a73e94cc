import { parseInput } from '../errors/parse-input.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { AiParts } from './ai-parts.ts'
import { type TestProviderInput, testProviderSchema } from './ai-settings-schema.ts'
import { openDeadline } from './deadline.ts'
import { describeCallFailure } from './describe-call-failure.ts'
import { readEffectiveSettings } from './effective-settings.ts'
import { providerNotInstalled } from './model-api.ts'

/** The outcome of a test: a failure is a diagnosis, not an exception. */
export type ProviderTest =
  | { readonly ok: true; readonly provider: string; readonly keyFrom: 'given' | 'account' | 'platform' }
  | {
      readonly ok: false
      readonly provider: string
      readonly code: string
      readonly cause: string
      readonly fix: string | null
      readonly retryable: boolean
    }

const timeoutMs = 30_000

/**
 * Asks the vendor whether a key is taken, the given one or the one that counts for the account. Throws only for input that cannot be tested:
 * `PROVIDER_NOT_INSTALLED`, or `INVALID_INPUT` for a key with a line break.
 */
export async function testProvider(
  context: AccountContext,
  parts: AiParts,
  name: string,
  input: TestProviderInput = {},
): Promise<ProviderTest> {
  const { apiKey: given, signal } = parseInput(testProviderSchema, input)
  const provider = parts.providers.get(name)
  if (provider === undefined) throw providerNotInstalled(String(name), parts.providers)
  const deadline = openDeadline(context.clock, { timeoutMs, signal })
  try {
    const { apiKey, keyFrom } =
      given === undefined
        ? await (await readEffectiveSettings(context, parts.platform)).openKey(name)
        : { apiKey: context.vault.wrap(given), keyFrom: 'given' as const }
    await deadline.during(provider.testKey({ apiKey, http: context.http, signal: deadline.signal, timeoutMs }))
    return { ok: true, provider: name, keyFrom }
  } catch (error) {
    const { code, message, hint, retryable } = describeCallFailure(error)
    return { ok: false, provider: name, code, cause: message, fix: hint ?? null, retryable }
  } finally {
    deadline.close()
  }
}

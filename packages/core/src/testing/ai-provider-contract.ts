import assert from 'node:assert/strict'
import { aiProviderFailuresContract } from './ai-provider-contract-failures.ts'
import { aiProviderImagesContract } from './ai-provider-contract-images.ts'
import {
  type AiProviderContractOptions,
  type AiProviderSuite,
  createAiProviderSuite,
} from './ai-provider-contract-suite.ts'
import { aiProviderTextContract } from './ai-provider-contract-text.ts'

/**
 * Defines the tests that every `AiProvider` must pass, in your test runner: against a server on this machine that answers with the
 * exchanges of the vendor and breaks them in every way that a network does.
 *
 * @example
 * import { describe, it } from 'vitest'
 * aiProviderContract({ describe, it, createProvider: ({ origin }) => createMyProvider({ baseUrl: origin }), exchanges })
 */
export function aiProviderContract(options: AiProviderContractOptions): void {
  options.describe('AI provider contract', () => {
    const suite = createAiProviderSuite(options)
    catalogueContract(suite)
    aiProviderTextContract(suite)
    aiProviderImagesContract(suite)
    aiProviderFailuresContract(suite)
  })
}

function catalogueContract({ describe, test, exchanges }: AiProviderSuite): void {
  describe('catalogue', () => {
    test('names each model once, as the provider’s own', async ({ provider }) => {
      const ids = provider.models.map(({ id }) => id)
      assert.equal(new Set(ids).size, ids.length)
      for (const model of provider.models) {
        assert.equal(model.provider, provider.name)
        assert.ok(model.id !== '' && model.wireId !== '')
        assert.ok(model.type === 'text' ? provider.text : provider.image, `nothing makes what ${model.id} does`)
      }
      assert.deepEqual([exchanges.text === undefined, exchanges.image === undefined], [!provider.text, !provider.image])
    })

    test('prices every model in exact decimals, with date and source', async ({ provider }) => {
      for (const { prices } of provider.models)
        for (const { amount, per, aboveInputTokens, effectiveFrom, source } of prices) {
          assert.match(amount, /^\d+(\.\d*[1-9])?$/)
          assert.ok(Number.isInteger(Math.log10(per)) && aboveInputTokens >= 0)
          assert.equal(new Date(effectiveFrom).toISOString().slice(0, 10), effectiveFrom)
          assert.notEqual(source, '')
        }
    })
  })
}

import { AssertionError } from 'node:assert/strict'
import { describe, expect, it } from 'vitest'
import { aiProviderContract } from './ai-provider-contract.ts'
import { createReferenceProvider, type Flaw, referenceExchanges } from './reference-provider.ts'

describe('the reference provider', () => {
  aiProviderContract({
    describe,
    it,
    createProvider: (environment) => createReferenceProvider(environment, new Set()),
    exchanges: referenceExchanges,
  })
})

/** Whether a test fails on the provider with a flaw. */
async function fails(name: string, flaw: Flaw): Promise<boolean> {
  const tests = new Map<string, () => Promise<void>>()
  aiProviderContract({
    describe: (_name, define) => define(),
    it: (name, run) => tests.set(name, run),
    createProvider: (environment) => createReferenceProvider(environment, new Set([flaw])),
    exchanges: referenceExchanges,
  })
  const test = tests.get(name) ?? (() => Promise.reject(new Error(`there is no test "${name}"`)))
  return test().then(
    () => false,
    (error: unknown) => {
      if (!(error instanceof AssertionError)) throw error
      return true
    },
  )
}

const caughtBy: Readonly<Record<Flaw, string>> = {
  acceptsAnyKeyTest: 'refuses a bad one',
  checksNothing: 'refuses empty and impossible requests before anything is sent',
  doublesSubmits: 'are waited for within the deadline',
  endsTwice: 'streams what comes in pieces of 64 bytes',
  followsRedirects: 'a redirect is not followed',
  forgetsDeadline: 'a deadline ends a call that is not answered',
  forgetsRetryAfter: 'a rate limit is RATE_LIMITED',
  forgetsSignal: 'a call that is cancelled in its midst closes the connection',
  forgetsSystem: 'sends the prompt, the system message and the model’s wire id',
  forgetsUnits: 'answers with text, stop reason and units',
  keepsConnection: 'hands out text before the answer is complete, and closes the connection when it is left',
  keyInBody: 'the key travels in a header and nowhere else',
  keyInCause: 'a vendor that repeats the key does not bring it into the error',
  keyInMessage: 'a vendor that repeats the key does not bring it into the error',
  keyPrinted: 'answers with text, stop reason and units',
  listsTwice: 'names each model once, as the provider’s own',
  noLimit: 'an answer that does not stop is left',
  pollsForever: 'are waited for within the deadline',
  promisesNoEffect: 'a failure is REMOTE_FAILED',
  repeats: 'a failed request is sent once',
  splitsCharacters: 'streams what comes in pieces of 1 bytes',
  streamsAtTheEnd: 'hands out text before the answer is complete, and closes the connection when it is left',
  takesHalfStreams: 'does not take a stream for whole that is ended half-way',
  takesPages: 'a web page is no success',
  throwsPlainErrors: 'a bad key is AUTH_FAILED',
  trustsBytes: 'bytes that are no image are refused',
}

describe('the contract of AI providers', () => {
  it.each(Object.entries(caughtBy))('catches a provider that %s', async (flaw, test) => {
    expect(await fails(test, flaw as Flaw)).toBe(true)
  })
})

import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { setImmediate } from 'node:timers/promises'
import { inspect } from 'node:util'
import { createHttpClient } from '../adapter-kit/create-http-client.ts'
import { createSystemRandom } from '../adapter-kit/system-random.ts'
import type { ErrorCode } from '../errors/error-codes.ts'
import { type Effect, type Igny8Error, isIgny8Error } from '../errors/igny8-error.ts'
import type { AiModel } from '../model/ai.ts'
import type { AiCall, AiProvider, GeneratedText, GenerateImageInput, GenerateTextInput } from '../ports/ai-provider.ts'
import type { HttpClient, HttpRequest } from '../ports/http-client.ts'
import type { Logger } from '../ports/logger.ts'
import { createSecret } from '../security/create-secret.ts'
import { createFakeClock, type FakeClock } from './create-fake-clock.ts'
import { type Exchange, type LoopbackVendor, type ScriptedAnswer, startLoopbackVendor } from './loopback-vendor.ts'
import type { TestRunner } from './storage-contract-suite.ts'

/** What a text exchange comes to. */
export type ExpectedText = Pick<GeneratedText, 'text' | 'stopReason' | 'units'>

/** What image exchanges come to. */
export interface ExpectedImages {
  readonly images: number
  /** @default 0 */
  readonly refused?: number
  readonly units: Readonly<Record<string, number>>
  /** @default null */
  readonly reportedCost?: string | null
}

/** A failure that a vendor documents. */
export interface ExpectedFailure {
  readonly name: string
  readonly exchanges: readonly Exchange[]
  readonly code: ErrorCode
  readonly effect: Effect
  readonly retryAfterMs?: number
}

/** How a vendor speaks: recorded, or written after its specification. */
export interface AiExchanges {
  readonly text?: {
    /** Id of a model of the catalogue. */
    readonly model: string
    readonly plain: { readonly exchange: Exchange; readonly expected: ExpectedText }
    /** Its text should hold characters of several bytes. */
    readonly streamed: { readonly exchange: Exchange; readonly expected: ExpectedText }
    /** Other ends than the usual one. */
    readonly others?: readonly { readonly name: string; readonly exchange: Exchange; readonly expected: ExpectedText }[]
  }
  readonly image?: {
    readonly model: string
    readonly plain: { readonly exchanges: readonly Exchange[]; readonly expected: ExpectedImages }
    readonly others?: readonly {
      readonly name: string
      readonly input?: Partial<GenerateImageInput>
      readonly exchanges: readonly Exchange[]
      readonly expected: ExpectedImages
    }[]
    /** Successes that hold no image, or none that is one. */
    readonly failures?: readonly ExpectedFailure[]
    /** The vendor takes the work and never finishes it. Without it, polling is not tested. */
    readonly unfinished?: readonly Exchange[]
  }
  /** At least a bad key, a rate limit and a failure of the vendor's. Each is tried on every operation. */
  readonly refusals: readonly ExpectedFailure[]
  /** A refusal in the vendor's form, with this message. */
  refuseWith(message: string): ScriptedAnswer
  readonly testKey: { readonly accepted: Exchange; readonly refused: Exchange }
}

/** What the contract needs of a provider and its vendor. */
export interface AiProviderContractOptions extends TestRunner {
  /** A provider that sends everything to `origin` and waits by `clock`. */
  createProvider(environment: { readonly origin: string; readonly clock: FakeClock }): AiProvider
  readonly exchanges: AiExchanges
}

/** One way to use a provider, with an exchange that it succeeds on. */
export interface Operation {
  readonly name: string
  readonly exchanges: readonly Exchange[]
  run(call?: Partial<AiCall>): Promise<unknown>
}

/** What a test of the contract works with. */
export interface AiProviderCase {
  readonly provider: AiProvider
  readonly exchanges: AiExchanges
  readonly server: LoopbackVendor
  readonly clock: FakeClock
  readonly key: string
  /** What the provider asked of the HTTP client. */
  readonly sent: readonly HttpRequest[]
  /** How many of them are not answered yet. */
  inFlight(): number
  readonly operations: readonly Operation[]
  call(overrides?: Partial<AiCall>): AiCall
  textInput(overrides?: Partial<GenerateTextInput>): GenerateTextInput
  imageInput(overrides?: Partial<GenerateImageInput>): GenerateImageInput
  /** The `Igny8Error` of a call that must fail, after a search for the key in all of it. */
  failure(run: () => Promise<unknown>): Promise<Igny8Error>
}

/** Where the parts of the contract define their tests. */
export interface AiProviderSuite {
  readonly exchanges: AiExchanges
  describe(name: string, define: () => void): void
  /** `movesClock`: waits of the provider end at once. */
  test(name: string, run: (given: AiProviderCase) => Promise<void>, settings?: { readonly movesClock?: boolean }): void
}

/** Text that no vendor's exchange holds by chance. */
export const contractPrompt = 'A lighthouse — im Nebel 🌫️'

/** Makes a suite whose every test has a server, a client and a key of its own. */
export function createAiProviderSuite(options: AiProviderContractOptions): AiProviderSuite {
  const { exchanges } = options
  return {
    exchanges,
    describe(name, define) {
      options.describe(name, define)
    },
    test(name, run, { movesClock = true } = {}) {
      options.it(name, async () => runIn(options, run, movesClock))
    },
  }
}

async function runIn(
  options: AiProviderContractOptions,
  run: (given: AiProviderCase) => Promise<void>,
  movesClock: boolean,
): Promise<void> {
  const server = await startLoopbackVendor()
  const clock = createFakeClock({ autoAdvance: movesClock })
  const printed: unknown[] = []
  const note = (...values: unknown[]) => void printed.push(values)
  const logger: Logger = { debug: note, info: note, warn: note, error: note }
  const http = createHttpClient({
    // Its pauses end at once, so that a provider that repeats does not keep anybody waiting.
    clock: createFakeClock({ autoAdvance: true }),
    random: createSystemRandom(),
    logger,
    allow: [server.origin],
  })
  const sent: HttpRequest[] = []
  let settled = 0
  const listening: HttpClient = {
    ...http,
    request(request) {
      sent.push(request)
      const answer = http.request(request)
      const settle = () => void settled++
      answer.then(settle, settle)
      return answer
    },
  }
  const key = `contract-${randomUUID()}`
  const restoreConsole = listenToConsole(note)
  try {
    const provider = options.createProvider({ origin: server.origin, clock })
    const call = (overrides: Partial<AiCall> = {}): AiCall => ({
      apiKey: createSecret(key),
      http: listening,
      ...overrides,
    })
    await run(
      buildCase({
        provider,
        exchanges: options.exchanges,
        server,
        clock,
        key,
        call,
        sent,
        inFlight: () => sent.length - settled,
      }),
    )
    assert.equal(inspect(printed).includes(key), false, 'the key was printed or logged')
    assert.deepEqual(printed, [], 'something was printed or logged')
  } finally {
    restoreConsole()
    await server.close()
    await http.close()
  }
}

type Basics = Pick<AiProviderCase, 'provider' | 'exchanges' | 'server' | 'clock' | 'key' | 'call' | 'sent' | 'inFlight'>

function buildCase(basics: Basics): AiProviderCase {
  const { provider, exchanges, key, call } = basics
  const textInput = (overrides: Partial<GenerateTextInput> = {}): GenerateTextInput => ({
    model: modelOf(provider, exchanges.text?.model),
    messages: [{ role: 'user', content: contractPrompt }],
    ...overrides,
  })
  const imageInput = (overrides: Partial<GenerateImageInput> = {}): GenerateImageInput => ({
    model: modelOf(provider, exchanges.image?.model),
    prompt: contractPrompt,
    ...overrides,
  })
  const operations: Operation[] = []
  const { text, image } = provider
  if (text !== undefined && exchanges.text !== undefined)
    operations.push(
      {
        name: 'text.generate',
        exchanges: [exchanges.text.plain.exchange],
        run: (overrides) => text.generate(textInput(), call(overrides)),
      },
      {
        name: 'text.stream',
        exchanges: [exchanges.text.streamed.exchange],
        run: (overrides) => readAll(text.stream(textInput(), call(overrides))),
      },
    )
  if (image !== undefined && exchanges.image !== undefined)
    operations.push({
      name: 'image.generate',
      exchanges: exchanges.image.plain.exchanges,
      run: (overrides) => image.generate(imageInput(), call(overrides)),
    })
  return { ...basics, textInput, imageInput, operations, failure: (run) => failureOf(run, key) }
}

function modelOf(provider: AiProvider, id: string | undefined): AiModel {
  const model = provider.models.find((candidate) => candidate.id === id)
  assert.ok(model !== undefined, `the catalogue has no model ${id}`)
  return model
}

async function failureOf(run: () => Promise<unknown>, key: string): Promise<Igny8Error> {
  const error: unknown = await run().then(
    (value) => assert.fail(`succeeded with ${inspect(value)}`),
    (thrown: unknown) => thrown,
  )
  assert.ok(isIgny8Error(error), `expected an Igny8Error, got: ${inspect(error)}`)
  const shown = `${inspect(error, { depth: 20, showHidden: true })} ${JSON.stringify(error)} ${error.stack}`
  assert.equal(shown.includes(key), false, `the key is in the error: ${error.message}`)
  assert.ok(error.hint !== undefined && error.hint !== '', 'the error has no hint')
  return error
}

/** Every part of a stream. */
export async function readAll<Part>(stream: AsyncIterable<Part>): Promise<readonly Part[]> {
  const parts: Part[] = []
  for await (const part of stream) parts.push(part)
  return parts
}

/** The outcome of work that must end by itself; fails where it goes on. */
export async function settles<Result>(work: Promise<Result>, what: string): Promise<Result> {
  let isSettled = false
  const settle = () => {
    isSettled = true
  }
  work.then(settle, settle)
  await until(() => isSettled, what)
  return work
}

/** Resolves as soon as `isTrue`; fails where nothing more happens. */
export async function until(isTrue: () => boolean, what: string): Promise<void> {
  for (let turn = 0; turn < 200_000; turn++) {
    if (isTrue()) return
    await setImmediate()
  }
  assert.fail(`it did not happen: ${what}`)
}

function listenToConsole(note: (...values: unknown[]) => void): () => void {
  const { log, info, warn, error, debug } = globalThis.console
  Object.assign(globalThis.console, { log: note, info: note, warn: note, error: note, debug: note })
  return () => void Object.assign(globalThis.console, { log, info, warn, error, debug })
}

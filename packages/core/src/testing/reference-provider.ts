import { parseJson } from '../adapter-kit/parse-json.ts'
import { sniffImage } from '../adapter-kit/sniff-image.ts'
import { mapStatusToError } from '../adapter-kit/status-to-error.ts'
import { Igny8Error } from '../errors/igny8-error.ts'
import type {
  AiCall,
  AiProvider,
  GeneratedImageData,
  GeneratedText,
  GenerateImageInput,
  GenerateTextInput,
  TextStreamPart,
} from '../ports/ai-provider.ts'
import type { Clock } from '../ports/clock.ts'
import type { HttpRequest, HttpResponse } from '../ports/http-client.ts'
import type { AiExchanges } from './ai-provider-contract-suite.ts'
import { buildAiModel } from './build-ai.ts'
import type { ScriptedAnswer } from './loopback-vendor.ts'

/** What the reference provider can be made to do wrong, each caught by the contract. */
export type Flaw =
  | 'acceptsAnyKeyTest'
  | 'checksNothing'
  | 'doublesSubmits'
  | 'endsTwice'
  | 'followsRedirects'
  | 'forgetsDeadline'
  | 'forgetsRetryAfter'
  | 'forgetsSignal'
  | 'forgetsSystem'
  | 'forgetsUnits'
  | 'keepsConnection'
  | 'keyInBody'
  | 'keyInCause'
  | 'keyInMessage'
  | 'keyPrinted'
  | 'listsTwice'
  | 'noLimit'
  | 'pollsForever'
  | 'promisesNoEffect'
  | 'repeats'
  | 'splitsCharacters'
  | 'streamsAtTheEnd'
  | 'takesHalfStreams'
  | 'takesPages'
  | 'throwsPlainErrors'
  | 'trustsBytes'

const png = 'iVBORw0KGgoAAAANSUhEUgAAAAIAAAACCAAAAABX3VL4AAAAC0lEQVR4nGNgAAEAAAYAAf6MZ8gAAAAASUVORK5CYII='

const limitBytes = 8 * 1024 * 1024

/** A provider of a vendor that exists for the contract alone: correct, but for the flaws it is given. */
export function createReferenceProvider(
  { origin, clock }: { readonly origin: string; readonly clock: Clock },
  flaws: ReadonlySet<Flaw>,
): AiProvider {
  const has = (flaw: Flaw) => flaws.has(flaw)

  async function send(call: AiCall, request: Pick<HttpRequest, 'method' | 'url' | 'body' | 'onChunk' | 'signal'>) {
    const key = call.apiKey.reveal()
    if (!has('checksNothing') && !/^[!-~]+$/.test(key)) throw invalid('apiKey')
    // biome-ignore lint/suspicious/noConsole: this is the flaw.
    if (has('keyPrinted')) globalThis.console.log(key)
    const response = await call.http.request({
      attempts: has('repeats') ? 3 : 1,
      safe: has('repeats'),
      politeness: 'none',
      authorization: { scheme: 'Bearer', secret: call.apiKey },
      timeoutMs: has('forgetsDeadline') ? 100_000 : (call.timeoutMs ?? 10_000),
      maxBytes: has('noLimit') ? Number.POSITIVE_INFINITY : limitBytes,
      redirects: has('followsRedirects') ? 'follow' : 'refuse',
      ...(has('forgetsSignal') ? {} : { signal: call.signal }),
      ...request,
      ...(has('keyInBody') ? { body: `${request.body ?? ''}${key}` } : {}),
    })
    if (response.status >= 300) throw refuse(response, key)
    return response
  }

  function refuse(response: HttpResponse, key: string): Error {
    if (has('throwsPlainErrors')) return new Error(`status ${response.status}`)
    const error = mapStatusToError(response, { now: new Date(0), safe: has('promisesNoEffect') })
    const { code, message, hint, retryable, effect, retryAfterMs } = error
    return new Igny8Error({
      code,
      message: has('keyInMessage') ? response.text() : message,
      hint,
      retryable,
      effect,
      retryAfterMs: has('forgetsRetryAfter') ? undefined : retryAfterMs,
      cause: has('keyInCause') ? { headers: { authorization: key } } : undefined,
    })
  }

  function read(response: HttpResponse): Record<string, unknown> {
    const answer = parseJson(response)
    if (answer.kind === 'json' && isRecord(answer.value)) return answer.value
    if (has('takesPages')) return { text: response.text(), stopReason: 'end', units: {}, image: png, id: '1', ok: true }
    throw malformed(has('promisesNoEffect'))
  }

  function toText(value: Record<string, unknown>): GeneratedText {
    const { text, stopReason, units } = value
    if (typeof text !== 'string' || !isRecord(units)) throw malformed(has('promisesNoEffect'))
    const told = has('forgetsUnits') ? {} : (units as Record<string, number>)
    return { text, stopReason: stopReason === 'length' ? 'length' : 'end', units: told, reportedCost: null }
  }

  function bodyOf(input: GenerateTextInput): string {
    const { model, messages, system, maxOutputTokens = 1, temperature = 0 } = input
    const words = messages.map(({ content }) => content).join(' ')
    const isWrong =
      words.trim() === '' ||
      !(temperature >= 0) ||
      !Number.isInteger(maxOutputTokens) ||
      maxOutputTokens < 1 ||
      maxOutputTokens > (model.maxOutputTokens ?? Number.POSITIVE_INFINITY) ||
      words.split(' ').length - 1 > (model.contextTokens ?? Number.POSITIVE_INFINITY)
    if (isWrong && !has('checksNothing')) throw invalid('messages')
    return JSON.stringify({ model: model.wireId, messages, ...(has('forgetsSystem') ? {} : { system }) })
  }

  async function* stream(input: GenerateTextInput, call: AiCall): AsyncGenerator<TextStreamPart> {
    const body = bodyOf(input)
    const left = new AbortController()
    const signals = has('keepsConnection') ? [] : [left.signal]
    const signal = AbortSignal.any([
      ...signals,
      ...(call.signal === undefined || has('forgetsSignal') ? [] : [call.signal]),
    ])
    const chunks: Uint8Array[] = []
    let wake = () => {}
    let end: { readonly error?: unknown } | undefined
    const finish = (outcome: { readonly error?: unknown }) => {
      end = outcome
      wake()
    }
    send(call, {
      method: 'POST',
      url: `${origin}/stream`,
      body,
      signal,
      onChunk(chunk) {
        chunks.push(chunk)
        wake()
      },
    }).then(
      () => finish({}),
      (error: unknown) => finish({ error }),
    )
    let decoder = new TextDecoder()
    let rest = ''
    let last: GeneratedText | undefined
    try {
      for (;;) {
        while (end === undefined && (chunks.length === 0 || has('streamsAtTheEnd')))
          await new Promise<void>((resolve) => {
            wake = resolve
          })
        const chunk = chunks.shift()
        if (chunk === undefined) break
        if (has('splitsCharacters')) decoder = new TextDecoder()
        rest += decoder.decode(chunk, { stream: !has('splitsCharacters') })
        const lines = rest.split('\n\n')
        rest = lines.pop() ?? ''
        for (const line of lines) {
          if (line.startsWith(':')) continue
          const event = read({
            body: Buffer.from(line),
            headers: new Headers(),
            status: 200,
            url: '',
            text: () => line,
          })
          if (typeof event.delta === 'string') yield { kind: 'delta', text: event.delta }
          else last = toText(event)
        }
      }
      if (end?.error !== undefined && !(has('takesHalfStreams') && last === undefined)) throw end.error
      if (last === undefined && !has('takesHalfStreams')) throw malformed(has('promisesNoEffect'))
    } finally {
      left.abort()
    }
    const result = last ?? { text: '', stopReason: 'end', units: {}, reportedCost: null }
    if (has('endsTwice')) yield { kind: 'end', result }
    yield { kind: 'end', result }
  }

  async function draw(input: GenerateImageInput, call: AiCall): Promise<GeneratedImageData> {
    const { prompt, width = 8, height = 8, aspectRatio, count = 1, seed = 0 } = input
    const sides = [width, height, count]
    const isWrong =
      prompt.trim() === '' ||
      !sides.every((side) => Number.isInteger(side) && side >= 1 && side < 3_000) ||
      (input.width === undefined) !== (input.height === undefined) ||
      (input.width !== undefined && aspectRatio !== undefined) ||
      !/^[1-9]\d?:[1-9]\d?$/.test(aspectRatio ?? '1:1') ||
      count > 10 ||
      !(Number.isInteger(seed) && seed >= 0)
    if (isWrong && !has('checksNothing')) throw invalid('prompt')
    const until = clock.now().getTime() + (call.timeoutMs ?? 10_000)
    const job = read(await send(call, { method: 'POST', url: `${origin}/job`, body: JSON.stringify({ prompt }) }))
    if (typeof job.id !== 'string') throw malformed(has('promisesNoEffect'))
    for (let looks = 0; ; looks++) {
      if (clock.now().getTime() >= until && !(has('pollsForever') && looks < 1_000)) throw gaveUp()
      await clock.wait(1_000, has('forgetsSignal') ? undefined : call.signal).catch(() => {
        throw new Igny8Error({ code: 'CANCELLED', message: 'Cancelled.', hint: 'Begin again.', effect: 'unknown' })
      })
      if (has('doublesSubmits'))
        await send(call, { method: 'POST', url: `${origin}/job`, body: JSON.stringify({ prompt }) })
      const { image } = read(await send(call, { method: 'GET', url: `${origin}/job/${job.id}` }))
      if (typeof image !== 'string') continue
      const bytes = Buffer.from(image, 'base64')
      if (!has('trustsBytes') && bytes.length < 50) throw malformed(false)
      if (!has('trustsBytes')) sniffImage(bytes)
      return { kind: 'bytes', bytes, seed: null }
    }
  }

  const models = [
    buildAiModel({ provider: 'reference' }),
    buildAiModel({ provider: 'reference', id: 'image-model', type: 'image' }),
  ]
  return {
    name: 'reference',
    models: has('listsTwice') ? [...models, ...models] : models,
    async testKey(call) {
      const answer = await send(call, { method: 'GET', url: `${origin}/key` }).catch((error: unknown) => {
        if (!has('acceptsAnyKeyTest')) throw error
      })
      if (answer !== undefined && read(answer).ok !== true) throw malformed(false)
    },
    text: {
      generate: async (input, call) =>
        toText(read(await send(call, { method: 'POST', url: `${origin}/text`, body: bodyOf(input) }))),
      stream,
    },
    image: {
      async generate(input, call) {
        const images = [await draw(input, call)]
        return { images, refused: [], units: { image: 1 }, reportedCost: null }
      },
    },
  }
}

const told = 'Der Leuchtturm 🌫️ — “fog”'
const units = { input: 7, output: 3 }

function json(value: unknown, status = 200, headers: Readonly<Record<string, string>> = {}): ScriptedAnswer {
  return { status, headers, body: JSON.stringify(value) }
}

/** How the reference vendor speaks. */
export const referenceExchanges: AiExchanges = {
  text: {
    model: 'text-model',
    plain: {
      exchange: json({ text: told, stopReason: 'end', units }),
      expected: { text: told, stopReason: 'end', units },
    },
    streamed: {
      exchange: {
        body: [{ delta: told.slice(0, 11) }, { delta: told.slice(11) }, { text: told, stopReason: 'end', units }]
          .map((event) => `${JSON.stringify(event)}\n\n`)
          .join(''),
      },
      expected: { text: told, stopReason: 'end', units },
    },
  },
  image: {
    model: 'image-model',
    plain: {
      exchanges: [json({ id: 'a' }), json({}), json({ image: png })],
      expected: { images: 1, units: { image: 1 } },
    },
    failures: [
      {
        name: 'bytes that are no image are refused',
        exchanges: [json({ id: 'a' }), json({ image: 'bm8=' })],
        code: 'REMOTE_MALFORMED',
        effect: 'unknown',
      },
    ],
    unfinished: [json({ id: 'a' }), json({})],
  },
  refusals: [
    { name: 'a bad key', exchanges: [json({}, 401)], code: 'AUTH_FAILED', effect: 'none' },
    {
      name: 'a rate limit',
      exchanges: [json({}, 429, { 'retry-after': '7' })],
      code: 'RATE_LIMITED',
      effect: 'none',
      retryAfterMs: 7_000,
    },
    { name: 'a failure', exchanges: [json({}, 500)], code: 'REMOTE_FAILED', effect: 'unknown' },
  ],
  refuseWith: (message) => json({ message }, 400),
  testKey: { accepted: json({ ok: true }), refused: json({}, 401) },
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function invalid(field: string): Igny8Error {
  return new Igny8Error({ code: 'INVALID_INPUT', message: `${field} is wrong.`, hint: 'Correct it.' })
}

function malformed(isHarmless: boolean): Igny8Error {
  return new Igny8Error({
    code: 'REMOTE_MALFORMED',
    message: 'The answer is none.',
    hint: 'Try again.',
    effect: isHarmless ? 'none' : 'unknown',
  })
}

function gaveUp(): Igny8Error {
  return new Igny8Error({ code: 'TIMEOUT', message: 'Too late.', hint: 'Wait longer.', effect: 'unknown' })
}

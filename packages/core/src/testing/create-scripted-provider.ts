import { Igny8Error } from '../errors/igny8-error.ts'
import type { AiModel } from '../model/ai.ts'
import type {
  AiCall,
  AiMetering,
  AiProvider,
  GeneratedImageData,
  GeneratedText,
  GenerateImageInput,
  GenerateTextInput,
} from '../ports/ai-provider.ts'
import type { Secret } from '../ports/secret.ts'
import { buildAiModel } from './build-ai.ts'

/** What the provider does with one call. */
export type ScriptedReply = Partial<AiMetering> & {
  /** One piece, or several where the answer is streamed. */
  readonly text?: string | readonly string[]
  readonly stopReason?: GeneratedText['stopReason']
  readonly images?: readonly GeneratedImageData[]
  readonly refused?: readonly string[]
  /** Thrown, after the pieces of `text`. */
  readonly error?: unknown
  /** Instead of an end, after the pieces of `text`: the stream just ends, waits for the signal, or does not even hear that. */
  readonly ending?: 'breaksOff' | 'hangs' | 'isDeaf'
}

/** A call that the provider got. */
export interface ScriptedCall {
  readonly kind: 'text' | 'stream' | 'image' | 'testKey'
  readonly input: GenerateTextInput | GenerateImageInput | null
  readonly apiKey: Secret
  readonly timeoutMs: number | undefined
}

/** An AI provider that does what it was told. */
export interface ScriptedProvider extends AiProvider {
  /** Oldest first. */
  readonly calls: readonly ScriptedCall[]
  /** Adds answers; the last one is given again and again. */
  willAnswer(...answers: readonly ScriptedReply[]): void
}

/**
 * Makes a provider for tests, with a text model and an image model unless others are given.
 *
 * @example
 * const provider = createScriptedProvider()
 * provider.willAnswer({ text: 'Hello', units: { input: 3, output: 1 } })
 */
export function createScriptedProvider(
  options: { readonly name?: string; readonly models?: readonly AiModel[] } = {},
): ScriptedProvider {
  const { name = 'scripted' } = options
  const calls: ScriptedCall[] = []
  const answers: ScriptedReply[] = []

  function take(
    kind: ScriptedCall['kind'],
    input: ScriptedCall['input'],
    { apiKey, timeoutMs }: AiCall,
  ): ScriptedReply {
    calls.push({ kind, input, apiKey, timeoutMs })
    const [answer] = answers.length > 1 ? answers.splice(0, 1) : answers
    return answer ?? {}
  }

  return {
    name,
    models: options.models ?? [
      buildAiModel({ id: `${name}-text`, provider: name }),
      buildAiModel({ id: `${name}-image`, provider: name, type: 'image', prices: [pricePerImage] }),
    ],
    calls,
    willAnswer: (...next) => void answers.splice(0, answers.length, ...next),
    async testKey(call) {
      await end(take('testKey', null, call), call)
    },
    text: {
      async generate(input, call) {
        const answer = take('text', input, call)
        await end(answer, call)
        return wholeText(answer)
      },
      async *stream(input, call) {
        const answer = take('stream', input, call)
        for (const text of piecesOf(answer)) yield { kind: 'delta', text }
        await end(answer, call)
        if (answer.ending !== 'breaksOff') yield { kind: 'end', result: wholeText(answer) }
      },
    },
    image: {
      async generate(input, call) {
        const answer = take('image', input, call)
        await end(answer, call)
        const { images = [], refused = [] } = answer
        return { images, refused, ...meteringOf(answer) }
      },
    },
  }
}

const pricePerImage = {
  ...{ dimension: 'image', match: {}, amount: '0.04', per: 1, aboveInputTokens: 0 },
  ...{ effectiveFrom: '2026-01-01', source: 'test' },
}

const piecesOf = ({ text = '' }: ScriptedReply): readonly string[] => (typeof text === 'string' ? [text] : text)

function wholeText(answer: ScriptedReply): GeneratedText {
  return { text: piecesOf(answer).join(''), stopReason: answer.stopReason ?? 'end', ...meteringOf(answer) }
}

function meteringOf({ units = {}, attributes, reportedCost = null }: ScriptedReply): AiMetering {
  return { units, reportedCost, ...(attributes === undefined ? {} : { attributes }) }
}

async function end({ error, ending }: ScriptedReply, { signal }: AiCall): Promise<void> {
  if (error !== undefined) throw error
  if (ending !== 'hangs' && ending !== 'isDeaf') return
  await new Promise((_, reject) => {
    if (ending === 'isDeaf') return
    const stop = () => reject(new Igny8Error({ code: 'CANCELLED', message: 'Stopped.', effect: 'unknown' }))
    if (signal?.aborted) stop()
    signal?.addEventListener('abort', stop, { once: true })
  })
}

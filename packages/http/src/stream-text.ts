import type { Clock, GenerateTextOptions } from '@igny8/core'
import { generatedText } from './ai-schemas.ts'
import { answerEvents, heartbeatMs, toEvent } from './answer-events.ts'
import type { Call } from './operation.ts'
import { mapValueToWire } from './wire-values.ts'

/**
 * Text as server-sent events: `delta` for each piece, then `end` with what the whole answer would have been, or `error` with a problem. What fails before the first piece
 * is answered as everywhere. A client that goes ends the generation, and pays the upper estimate.
 */
export async function streamText(call: Call<never, unknown, GenerateTextOptions>): Promise<Response> {
  const gone = new AbortController()
  const signal = AbortSignal.any([call.signal, gone.signal])
  return answerEvents(tell(call, signal), () => gone.abort())
}

async function* tell(
  { account, body, clock, explain }: Call<never, unknown, GenerateTextOptions>,
  signal: AbortSignal,
): AsyncGenerator<string, void> {
  const text = account.ai.streamText({ ...body, signal })
  const pieces = text[Symbol.asyncIterator]()
  let isBegun = false
  try {
    for (;;) {
      const waiting = waitFor(pieces.next(), clock)
      let step = await waiting.next()
      for (; !step.done; step = await waiting.next()) {
        isBegun = true
        yield step.value
      }
      if (step.value.done) break
      isBegun = true
      yield toEvent('delta', { text: step.value.value })
    }
    yield toEvent('end', mapValueToWire(generatedText, await text.result()))
  } catch (error) {
    if (!isBegun) throw error
    yield toEvent('error', explain(error))
  } finally {
    await pieces.return?.()
  }
}

/** The outcome of `work`; as long as it takes, comments. */
async function* waitFor<Result>(work: Promise<Result>, clock: Clock): AsyncGenerator<string, Result> {
  for (;;) {
    const heard = new AbortController()
    const silence = clock.wait(heartbeatMs, heard.signal).then(
      () => true,
      () => false,
    )
    try {
      if (!(await Promise.race([silence, work.then(() => false)]))) return await work
    } finally {
      heard.abort()
    }
    yield ': still writing\n\n'
  }
}

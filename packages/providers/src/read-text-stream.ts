import type { AiCall, GeneratedText, TextStreamPart } from '@igny8/core'
import { malformedAnswer } from './vendor-failure.ts'

/** How the events of a vendor's SDK become a text. */
export interface TextStreamInput {
  readonly vendor: string
  readonly call: AiCall
  translate(thrown: unknown): Error
  /** Sends the request. */
  begin(): Promise<AsyncIterable<unknown>>
  /** Takes note of an event, and returns the text that it brings; an empty one where it brings none. */
  readEvent(event: unknown): string
  /** How the answer ended; `undefined` where it did not. */
  finish(): Pick<GeneratedText, 'stopReason' | 'units'> | undefined
}

/** The pieces as they come, then the whole. Leaving the loop closes the connection. */
export async function* readTextStream(input: TextStreamInput): AsyncGenerator<TextStreamPart> {
  let text = ''
  let end: ReturnType<TextStreamInput['finish']>
  try {
    for await (const event of await input.begin()) {
      const piece = input.readEvent(event)
      if (piece === '') continue
      text += piece
      yield { kind: 'delta', text: piece }
    }
    // The SDKs end a cancelled stream as if it were complete.
    input.call.signal?.throwIfAborted()
    end = input.finish()
    if (end === undefined) throw malformedAnswer(input.vendor, 'a stream that breaks off.')
  } catch (error) {
    throw input.translate(error)
  }
  yield { kind: 'end', result: { text, ...end, reportedCost: null } }
}

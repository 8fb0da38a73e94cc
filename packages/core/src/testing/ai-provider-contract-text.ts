import assert from 'node:assert/strict'
import type { GeneratedText, GenerateTextInput, TextStreamPart } from '../ports/ai-provider.ts'
import {
  type AiProviderCase,
  type AiProviderSuite,
  contractPrompt,
  type ExpectedText,
  readAll,
  until,
} from './ai-provider-contract-suite.ts'
import type { Exchange } from './loopback-vendor.ts'

const pieceSizes = [1, 2, 3, 7, 64, 1_024]

/** Text, whole and streamed. */
export function aiProviderTextContract({ describe, test, exchanges }: AiProviderSuite): void {
  const { text } = exchanges
  if (text === undefined) return

  describe('text', () => {
    test('answers with text, stop reason and units', async (given) => {
      await generates(given, text.plain.exchange, text.plain.expected)
    })

    for (const { name, exchange, expected } of text.others ?? [])
      test(name, async (given) => generates(given, exchange, expected))

    test('sends the prompt, the system message and the model’s wire id', async (given) => {
      const { provider, server, call, textInput } = given
      server.script([text.plain.exchange])
      await provider.text?.generate(textInput({ system: 'Be brief 🙂' }), call())
      const [request] = server.received
      const sent = `${request?.path} ${request?.body}`
      for (const part of [contractPrompt, 'Be brief 🙂', textInput().model.wireId])
        assert.ok(sent.includes(part), `"${part}" was not sent`)
    })

    for (const bytes of pieceSizes)
      test(`streams what comes in pieces of ${bytes} bytes`, async (given) => {
        given.server.script([text.streamed.exchange], { kind: 'pieces', bytes })
        const parts = await readAll(streamOf(given))
        checkStream(parts, text.streamed.expected)
      })

    test('hands out text before the answer is complete, and closes the connection when it is left', async (given) => {
      const { server } = given
      server.script([text.streamed.exchange], { kind: 'held', bytes: lengthUntilText(text.streamed) })
      for await (const part of streamOf(given)) {
        assert.deepEqual([part.kind, given.inFlight()], ['delta', 1])
        break
      }
      await until(() => server.leftEarly() === 1, 'the connection is closed')
    })

    test('ends a stream that is cancelled', async (given) => {
      const { server } = given
      server.script([text.streamed.exchange], { kind: 'held', bytes: lengthUntilText(text.streamed) })
      const abort = new AbortController()
      const parts: TextStreamPart[] = []
      const error = await given.failure(async () => {
        for await (const part of streamOf(given, abort.signal)) {
          parts.push(part)
          abort.abort()
        }
      })
      assert.deepEqual([error.code, error.effect], ['CANCELLED', 'unknown'])
      assert.ok(!parts.some(({ kind }) => kind === 'end'))
      await until(() => server.leftEarly() === 1, 'the connection is closed')
    })

    for (const kind of ['cut', 'ended'] as const)
      test(`does not take a stream for whole that is ${kind} half-way`, async (given) => {
        const half = Math.floor(bodyOf(text.streamed.exchange).length / 2)
        for (const bytes of [0, half, half + 1, lengthUntilText(text.streamed)]) {
          given.server.script([text.streamed.exchange], { kind, bytes })
          const parts: TextStreamPart[] = []
          const error = await given.failure(async () => {
            for await (const part of streamOf(given)) parts.push(part)
          })
          assert.equal(error.effect, 'unknown')
          assert.ok(!parts.some((part) => part.kind === 'end'))
        }
      })

    test('refuses empty and impossible requests before anything is sent', async (given) => {
      const { provider, server, call, textInput } = given
      const { model } = textInput()
      const impossible: readonly Partial<GenerateTextInput>[] = [
        { messages: [] },
        { messages: [{ role: 'user', content: ' \n' }] },
        { maxOutputTokens: 0 },
        { maxOutputTokens: 1.5 },
        { maxOutputTokens: (model.maxOutputTokens ?? Number.NaN) + 1 },
        { temperature: -1 },
        { temperature: Number.NaN },
        // Where the size of the context is not known, nothing is too long.
        {
          messages:
            model.contextTokens === null ? [] : [{ role: 'user', content: 'a '.repeat(model.contextTokens + 1) }],
        },
      ]
      for (const overrides of impossible)
        for (const run of [
          async () => provider.text?.generate(textInput(overrides), call()),
          async () => provider.text && readAll(provider.text.stream(textInput(overrides), call())),
        ]) {
          const error = await given.failure(run)
          assert.deepEqual([error.code, error.effect], ['INVALID_INPUT', 'none'])
        }
      assert.equal(server.received.length, 0)
    })
  })
}

async function generates(given: AiProviderCase, exchange: Exchange, expected: ExpectedText): Promise<void> {
  given.server.script([exchange])
  const result = await given.provider.text?.generate(given.textInput(), given.call())
  checkText(result, expected)
}

function streamOf({ provider, call, textInput }: AiProviderCase, signal?: AbortSignal): AsyncIterable<TextStreamPart> {
  assert.ok(provider.text)
  return provider.text.stream(textInput(), call({ signal, timeoutMs: 5_000 }))
}

function checkStream(parts: readonly TextStreamPart[], expected: ExpectedText): void {
  const deltas = parts.flatMap((part) => (part.kind === 'delta' ? [part.text] : []))
  assert.equal(deltas.join(''), expected.text)
  const last = parts.at(-1)
  assert.ok(last?.kind === 'end' && parts.length === deltas.length + 1, 'the end is not the one last part')
  checkText(last.result, expected)
}

function checkText(result: GeneratedText | undefined, { text, stopReason, units }: ExpectedText): void {
  assert.ok(result)
  assert.deepEqual(
    { text: result.text, stopReason: result.stopReason, units: { ...result.units } },
    { text, stopReason, units: { ...units } },
  )
}

function bodyOf(exchange: Exchange): Buffer {
  assert.ok(typeof exchange !== 'function', 'a streamed exchange is an answer')
  return Buffer.from(exchange.body)
}

/** So many bytes that the first piece of text has come, and the end has not. */
function lengthUntilText({ exchange, expected }: { readonly exchange: Exchange; readonly expected: ExpectedText }) {
  const body = bodyOf(exchange).toString()
  const firstWord = expected.text.slice(0, 3)
  const end = body.indexOf('\n\n', body.indexOf(firstWord)) + 2
  assert.ok(body.includes(firstWord) && end > 2, 'the streamed exchange does not begin with its text')
  return Buffer.byteLength(body.slice(0, end))
}

import type * as z from 'zod'
import { Igny8Error } from '../errors/igny8-error.ts'
import { parseInput } from '../errors/parse-input.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { AiCall, GeneratedText, GenerateTextInput } from '../ports/ai-provider.ts'
import type { AiParts } from './ai-parts.ts'
import type { AiCost } from './calculate-cost.ts'
import { chooseModels } from './choose-models.ts'
import { openDeadline } from './deadline.ts'
import { readEffectiveSettings } from './effective-settings.ts'
import { type GenerateTextOptions, generateTextSchema } from './generate-schemas.ts'
import { type Candidate, type ChainPart, type ChainResult, type FailedAttempt, runChain } from './run-chain.ts'
import { mapZodToJsonSchema, readOutput } from './structured-output.ts'
import { checkContext, maxOutputOf, mostInputTokens } from './text-limits.ts'

/** What came of a generation of text, and what it cost. */
export interface TextResult<Output = undefined> {
  readonly text: string
  /** What the answer holds, where a schema was given. */
  readonly output: Output
  readonly stopReason: GeneratedText['stopReason']
  /** The model that answered. */
  readonly model: string
  readonly provider: string
  readonly units: Readonly<Record<string, number>>
  readonly cost: AiCost
  /** The record of it: `ai.usage.get`. */
  readonly usageId: string
  /** Models before it in the chain, and why they did not answer. */
  readonly failedAttempts: readonly FailedAttempt[]
}

/** An answer as it comes. Nothing is sent before the first look at it. */
export interface TextStream<Output = undefined> extends AsyncIterable<string> {
  /** The whole, once it is there; reads the rest itself where nobody reads the pieces. Throws what reading throws. */
  result(): Promise<TextResult<Output>>
}

/** Generates text; see `AiApi.generateText`. */
export async function generateText<Output = undefined>(
  context: AccountContext,
  parts: AiParts,
  options: GenerateTextOptions<Output>,
): Promise<TextResult<Output>> {
  const pieces = writeText(context, parts, options, 'whole')
  for (;;) {
    const next = await pieces.next()
    if (next.done) return next.value
  }
}

/** Generates text piece by piece; see `AiApi.streamText`. */
export function streamText<Output = undefined>(
  context: AccountContext,
  parts: AiParts,
  options: GenerateTextOptions<Output>,
): TextStream<Output> {
  const whole = Promise.withResolvers<TextResult<Output>>()
  whole.promise.catch(() => undefined)
  let isRead = false

  async function* read(): AsyncGenerator<string, void> {
    if (isRead) throw alreadyRead()
    isRead = true
    let isLeft = true
    try {
      const result = yield* writeText(context, parts, options, 'pieces')
      isLeft = false
      whole.resolve(result)
    } catch (error) {
      isLeft = false
      whole.reject(error)
      throw error
    } finally {
      if (isLeft) whole.reject(leftHalfWay())
    }
  }

  return {
    [Symbol.asyncIterator]: read,
    async result() {
      if (!isRead) for await (const _ of read());
      return whole.promise
    },
  }
}

async function* writeText<Output>(
  context: AccountContext,
  parts: AiParts,
  options: GenerateTextOptions<Output>,
  manner: 'whole' | 'pieces',
): AsyncGenerator<string, TextResult<Output>> {
  const {
    prompt = '',
    messages = [{ role: 'user' as const, content: prompt }],
    ...given
  } = parseInput(generateTextSchema, options)
  const { system, temperature, output } = given
  const outputSchema = output === undefined ? undefined : mapZodToJsonSchema(output)
  const schemaText = outputSchema === undefined ? '' : JSON.stringify(outputSchema)
  const settings = await readEffectiveSettings(context, parts.platform)
  const candidates = await chooseModels(context, parts, settings, { ...given, type: 'text' })
  checkMaxOutput(candidates[0], given.maxOutputTokens)

  const inputFor = ({ model }: Candidate): GenerateTextInput => ({
    model,
    messages,
    maxOutputTokens: maxOutputOf(model, given.maxOutputTokens),
    ...(system === undefined ? {} : { system }),
    ...(temperature === undefined ? {} : { temperature }),
    ...(outputSchema === undefined ? {} : { outputSchema }),
  })

  const deadline = openDeadline(context.clock, given)
  try {
    const done = yield* runChain<GeneratedText>(context, parts, {
      candidates,
      settings,
      deadline,
      limits: given,
      upperUsage({ model }) {
        checkContext(model, { system, messages })
        const input = mostInputTokens({ system, messages, schemaText })
        return { units: { input, output: maxOutputOf(model, given.maxOutputTokens) } }
      },
      attempt: (candidate, call) => attemptText(candidate, inputFor(candidate), call, manner),
    })
    return resultOf(done, output as z.ZodType<Output> | undefined)
  } finally {
    deadline.close()
  }
}

async function* attemptText(
  { provider }: Candidate,
  input: GenerateTextInput,
  call: AiCall,
  manner: 'whole' | 'pieces',
): AsyncGenerator<ChainPart<GeneratedText>, void> {
  if (provider.text === undefined) return
  if (manner === 'pieces') yield* provider.text.stream(input, call)
  else yield { kind: 'end', result: await provider.text.generate(input, call) }
}

function resultOf<Output>(done: ChainResult<GeneratedText>, schema: z.ZodType<Output> | undefined): TextResult<Output> {
  const { result, candidate, usageId, cost, failedAttempts } = done
  const { model } = candidate
  const details = { usageId, model: model.id, cost: cost.amount }
  if (schema !== undefined && result.stopReason === 'refused') throw refused(details)
  const output = schema === undefined ? (undefined as Output) : readOutput(schema, result, details)
  const { text, stopReason, units } = result
  return { text, output, stopReason, units, model: model.id, provider: model.provider, cost, usageId, failedAttempts }
}

function checkMaxOutput({ model }: Candidate, asked: number | undefined): void {
  if (asked === undefined || model.maxOutputTokens === null || asked <= model.maxOutputTokens) return
  throw new Igny8Error({
    code: 'INVALID_INPUT',
    message: `maxOutputTokens: ${model.id} writes at most ${model.maxOutputTokens}.`,
    hint: 'Ask for less, or leave it out.',
    details: { field: 'maxOutputTokens', model: model.id },
  })
}

function refused(details: Readonly<Record<string, string | null>>): Igny8Error {
  return new Igny8Error({
    code: 'CONTENT_REFUSED',
    message: 'The model refused to answer.',
    hint: 'Word the prompt differently.',
    effect: 'unknown',
    details,
  })
}

function alreadyRead(): Igny8Error {
  return new Igny8Error({
    code: 'UNSUPPORTED',
    message: 'A stream of text is read once.',
    hint: 'Keep the pieces, or take the text from result().',
  })
}

function leftHalfWay(): Igny8Error {
  return new Igny8Error({
    code: 'CANCELLED',
    message: 'The reader stopped before the end of the text.',
    hint: 'Read on to the end for a result.',
    effect: 'unknown',
  })
}

import type Anthropic from '@anthropic-ai/sdk'
import type { AiCall } from '@igny8/core'
import { openPackage } from '../open-package.ts'
import { readRefusalJson } from '../read-vendor-json.ts'
import { createSdkTransport, placeholderKey, sdkTimeoutMs } from '../sdk-transport.ts'
import { mapRefusalToError } from '../vendor-failure.ts'
import { errorBodySchema } from './anthropic-schemas.ts'
import { mapErrorToRefusal } from './map-error-to-refusal.ts'

/** How this SDK names the vendor to a person. */
export const vendor = 'Anthropic'

export interface AnthropicCallOptions {
  readonly baseUrl: string
  readonly timeoutMs: number
  readonly maxBytes: number
}

/** Runs one call of the vendor's SDK; whatever it throws comes out as an `Igny8Error`. */
export interface AnthropicRun {
  readonly client: Anthropic
  translate(thrown: unknown): Error
}

/** The vendor's SDK for one call: on our HTTP client, without the key, without retries and without tracing. */
export async function openAnthropic(call: AiCall, options: AnthropicCallOptions): Promise<AnthropicRun> {
  const { baseUrl, timeoutMs, maxBytes } = options
  const { apiKey } = call
  const transport = createSdkTransport({
    vendor,
    call,
    credentials: { secretHeaders: { 'x-api-key': apiKey } },
    timeoutMs: call.timeoutMs ?? timeoutMs,
    maxBytes,
    explain: (answer) =>
      mapRefusalToError({
        vendor,
        answer,
        refusal: mapErrorToRefusal(readRefusalJson(answer, errorBodySchema)),
        apiKey,
        now: new Date(answer.headers.get('date') ?? Number.NaN),
      }),
    explainEvent(thrown) {
      // The SDK keeps the event, whose `error` is the vendor's.
      const body = errorBodySchema.safeParse((thrown as { error?: unknown } | undefined)?.error).data
      if (body === undefined) return undefined
      return mapRefusalToError({
        vendor,
        answer: { status: 200, headers: new Headers() },
        refusal: mapErrorToRefusal(body),
        apiKey,
        now: new Date(Number.NaN),
      })
    },
  })
  const { Anthropic: Client } = await openPackage('@anthropic-ai/sdk', () => import('@anthropic-ai/sdk'))
  const client = new Client({
    apiKey: placeholderKey,
    // Without it the SDK takes it from the environment.
    webhookKey: null,
    baseURL: baseUrl,
    maxRetries: 0,
    timeout: sdkTimeoutMs,
    logLevel: 'off',
    openTelemetry: false,
    fetch: transport.fetch,
  })
  return { client, translate: transport.translate }
}

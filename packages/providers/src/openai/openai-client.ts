import type { AiCall } from '@igny8/core'
import type OpenAI from 'openai'
import { openPackage } from '../open-package.ts'
import { readRefusalJson } from '../read-vendor-json.ts'
import { createSdkTransport, placeholderKey, sdkTimeoutMs } from '../sdk-transport.ts'
import { mapRefusalToError } from '../vendor-failure.ts'
import { mapErrorToRefusal } from './map-error-to-refusal.ts'
import { errorBodySchema } from './openai-schemas.ts'

/** How this SDK names the vendor to a person. */
export const vendor = 'OpenAI'

export interface OpenAICallOptions {
  readonly baseUrl: string
  readonly timeoutMs: number
  readonly maxBytes: number
}

/** Runs one call of the vendor's SDK; whatever it throws comes out as an `Igny8Error`. */
export interface OpenAIRun {
  readonly client: OpenAI
  translate(thrown: unknown): Error
}

/** The vendor's SDK for one call: on our HTTP client, without the key, without retries. */
export async function openOpenAI(call: AiCall, options: OpenAICallOptions): Promise<OpenAIRun> {
  const { baseUrl, timeoutMs, maxBytes } = options
  const { apiKey } = call
  const transport = createSdkTransport({
    vendor,
    call,
    credentials: { authorization: { scheme: 'Bearer', secret: apiKey } },
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
      const body = errorBodySchema.safeParse(thrown).data
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
  const { OpenAI: Client } = await openPackage('openai', () => import('openai'))
  const client = new Client({
    apiKey: placeholderKey,
    // Without these the SDK takes them from the environment.
    adminAPIKey: null,
    organization: null,
    project: null,
    webhookSecret: null,
    baseURL: baseUrl,
    maxRetries: 0,
    timeout: sdkTimeoutMs,
    logLevel: 'off',
    fetch: transport.fetch,
  })
  return { client, translate: transport.translate }
}

import type Anthropic from '@anthropic-ai/sdk'
import type { AiCall } from '@igny8/core'
import { openPackage } from '../open-package.ts'
import { createSdkTransport, placeholderKey, type SdkOptions, type SdkRun, sdkTimeoutMs } from '../sdk-transport.ts'
import { errorBodySchema } from './anthropic-schemas.ts'
import { mapErrorToRefusal } from './map-error-to-refusal.ts'

/** How this SDK names the vendor to a person. */
export const vendor = 'Anthropic'

/** The vendor's SDK for one call: on our HTTP client, without the key, without retries and without tracing. */
export async function openAnthropic(call: AiCall, { baseUrl, ...limits }: SdkOptions): Promise<SdkRun<Anthropic>> {
  const { fetch, translate } = createSdkTransport({
    vendor,
    call,
    credentials: { secretHeaders: { 'x-api-key': call.apiKey } },
    ...limits,
    errorSchema: errorBodySchema,
    mapErrorToRefusal,
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
    fetch,
  })
  return { client, translate }
}

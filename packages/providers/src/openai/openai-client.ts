import type { AiCall } from '@igny8/core'
import type OpenAI from 'openai'
import { openPackage } from '../open-package.ts'
import { createSdkTransport, placeholderKey, type SdkOptions, type SdkRun, sdkTimeoutMs } from '../sdk-transport.ts'
import { mapErrorToRefusal } from './map-error-to-refusal.ts'
import { errorBodySchema } from './openai-schemas.ts'

/** How this SDK names the vendor to a person. */
export const vendor = 'OpenAI'

/** The vendor's SDK for one call: on our HTTP client, without the key, without retries. */
export async function openOpenAI(call: AiCall, { baseUrl, ...limits }: SdkOptions): Promise<SdkRun<OpenAI>> {
  const { fetch, translate } = createSdkTransport({
    vendor,
    call,
    credentials: { authorization: { scheme: 'Bearer', secret: call.apiKey } },
    ...limits,
    errorSchema: errorBodySchema,
    mapErrorToRefusal,
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
    fetch,
  })
  return { client, translate }
}

import * as z from 'zod'
import { answerWebhook } from './answer-webhook.ts'
import { publicOperation } from './operation.ts'
import { toResponse } from './plain-answer.ts'
import { readBytes } from './read-bytes.ts'

/** What the sites call. */
export const webhookOperations = [
  publicOperation({
    id: 'receiveWebhook',
    method: 'POST',
    path: 'integration/webhook/{platform}/',
    summary: 'Takes the word of a site that something changed there; signed as Standard Webhooks has it, or not at all',
    tag: 'Webhooks',
    status: 202,
    body: z.object({
      action: z.string().max(64),
      post_id: z.union([z.int(), z.string()]),
      post_type: z.string().max(64).optional(),
      site_url: z.string().max(2_000),
    }),
    async handle({ igny8, path: { platform }, request, clientAddress, requestId }) {
      const readBody = (limitBytes: number) => readBytes(request, limitBytes)
      return toResponse(
        await answerWebhook(igny8, { platform, headers: request.headers, clientAddress, requestId, readBody }),
      )
    },
  }),
]

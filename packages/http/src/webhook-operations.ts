import * as z from 'zod'
import { answerProblem } from './answer-problem.ts'
import { publicOperation } from './operation.ts'
import { httpError } from './problem.ts'
import { readBytes } from './read-bytes.ts'

/** As many as core takes: more is not even read. */
const limitBytes = 64 * 1_024

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
    async handle({ igny8, path, request, clientAddress, requestId }) {
      const body = () => readBytes(request, limitBytes)
      const { platform } = path
      const reply = await igny8.webhooks.receive({ platform, body, headers: request.headers, clientAddress })
      if (reply.status === 202) return new Response(null, { status: 202 })
      return answerProblem(refusals[reply.status], { requestId, retryAfterMs: reply.retryAfterMs })
    },
  }),
]

/** The same words whether the site is unknown or the signature wrong. Made once: an error takes its stack along, which a flood would pay for each time. */
const refusals = {
  400: httpError('MALFORMED_REQUEST', {
    message: 'The delivery cannot be read.',
    hint: 'Send JSON with action, post_id, post_type and site_url.',
  }),
  401: httpError('UNAUTHENTICATED', {
    message: 'The delivery is not proven.',
    hint: 'Sign with the secret of this integration, by a clock that is right.',
  }),
  413: httpError('BODY_TOO_LARGE', { message: 'The delivery is too large.', hint: 'Send no more than 64 KiB.' }),
  429: httpError('RATE_LIMITED', {
    message: 'Too many deliveries.',
    hint: 'Wait as long as Retry-After says.',
    retryable: true,
  }),
} as const

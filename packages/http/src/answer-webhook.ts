import type { Igny8 } from '@igny8/core'
import { writeProblem } from './answer-problem.ts'
import type { PlainAnswer } from './plain-answer.ts'
import { httpError } from './problem.ts'

/** A delivery as any server has it. */
export interface WebhookCall {
  readonly platform: string
  readonly headers: Pick<Headers, 'get'>
  readonly clientAddress: string | undefined
  readonly requestId: string
  /** Called only where the sender is within its limit. Throws `BODY_TOO_LARGE` before more than the limit is held. */
  readBody(limitBytes: number): Promise<Uint8Array>
}

/** As many as core takes: more is not even read. */
const limitBytes = 64 * 1_024

/** Takes the word of a site that something changed there. */
export async function answerWebhook(igny8: Igny8, call: WebhookCall): Promise<PlainAnswer> {
  const { platform, headers, clientAddress, requestId } = call
  const body = () => call.readBody(limitBytes)
  const reply = await igny8.webhooks.receive({ platform, body, headers, clientAddress })
  if (reply.status === 202) return accepted
  return writeProblem(refusals[reply.status], { requestId, retryAfterMs: reply.retryAfterMs })
}

const accepted: PlainAnswer = { status: 202, headers: {}, body: '' }

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

import type { Igny8 } from '@igny8/core'
import { writeProblem } from './answer-problem.ts'
import { answerWebhook } from './answer-webhook.ts'
import type { PlainAnswer } from './plain-answer.ts'
import { requestIdOf } from './request-id.ts'

/** A request of a server that has no `Request` of its own. */
export interface IncomingWebhook {
  readonly headers: Pick<Headers, 'get'>
  /** As the server knows it. */
  readonly clientAddress: string | undefined
  readBody(limitBytes: number): Promise<Uint8Array>
  /** For a host that reads more of it to tell the address. Without the body. */
  toRequest(): Request
}

/** The way of webhooks past `Request` and `Response`, which cost more than all else of a refusal. `undefined` for what must take the common one. */
export type WebhookDoor = (
  method: string | undefined,
  target: string,
) => ((incoming: IncomingWebhook) => Promise<PlainAnswer>) | undefined

/** What the common way does as well. */
export interface WebhookDoorParts {
  readonly igny8: Igny8
  readonly basePath: string
  addressOf(incoming: IncomingWebhook): string | undefined
  logUnexpected(error: unknown, requestId: string): void
  /** Begins an answer; what comes back is called at its end. */
  begin(requestId: string): (status: number) => void
}

export function createWebhookDoor({ igny8, basePath, ...parts }: WebhookDoorParts): WebhookDoor {
  const start = `${basePath}/integration/webhook/`

  async function take(platform: string, incoming: IncomingWebhook): Promise<PlainAnswer> {
    const { headers, readBody } = incoming
    const requestId = requestIdOf(headers)
    const end = parts.begin(requestId)
    const {
      status,
      headers: own,
      body,
    } = await answer().catch((error: unknown) => {
      parts.logUnexpected(error, requestId)
      return writeProblem(error, { requestId })
    })
    end(status)
    return { status, headers: { ...own, 'x-request-id': requestId, ...always }, body }

    async function answer(): Promise<PlainAnswer> {
      const clientAddress = parts.addressOf(incoming)
      return answerWebhook(igny8, { platform, headers, clientAddress, requestId, readBody })
    }
  }

  return (method, target) => {
    if (method !== 'POST' || !target.startsWith(start)) return undefined
    const platform = plainName.exec(target.slice(start.length))?.[1]
    return platform === undefined ? undefined : (incoming) => take(platform, incoming)
  }
}

const always = { 'x-content-type-options': 'nosniff', 'cache-control': 'no-store' }

/** One that needs no decoding, and no query behind it. */
const plainName = /^([a-z0-9_-]{1,64})\/?$/

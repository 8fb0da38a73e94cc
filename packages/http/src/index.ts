export {
  type AnsweredRequest,
  type Connection,
  createHttpHandler,
  type HttpHandler,
  type HttpHandlerOptions,
  type Identity,
} from './create-http-handler.ts'
export { errorStatus, type HttpErrorCode } from './error-status.ts'
export {
  createMemoryIdempotencyStore,
  type IdempotencyClaim,
  type IdempotencyKey,
  type IdempotencyStore,
  type KeptAnswer,
} from './idempotency-store.ts'
export type { PlainAnswer } from './plain-answer.ts'
export type { Problem } from './problem.ts'
export type { IncomingWebhook, WebhookDoor } from './webhook-door.ts'

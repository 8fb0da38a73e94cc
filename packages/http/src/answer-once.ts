import { createHash } from 'node:crypto'
import type { Clock } from '@igny8/core'
import { type IdempotencyStore, idempotencyTimes, type KeptAnswer } from './idempotency-store.ts'
import { httpError } from './problem.ts'

/**
 * Carries a request out once for its `Idempotency-Key`: the same key and body get the same answer for a day. A failure is not kept: whoever has mended
 * its cause may send the same again. Throws `IDEMPOTENCY_KEY_REUSED`, `IDEMPOTENCY_KEY_IN_USE`.
 */
export async function answerOnce(
  input: {
    readonly store: IdempotencyStore
    readonly clock: Clock
    readonly accountId: string
    readonly request: Request
    readonly body: Uint8Array
  },
  carryOut: () => Promise<KeptAnswer>,
): Promise<{ readonly answer: KeptAnswer; readonly isRepeated: boolean }> {
  const { store, clock, accountId, request, body } = input
  const key = request.headers.get('idempotency-key')
  if (key === null) return { answer: await carryOut(), isRepeated: false }
  if (!/^[\x21-\x7e]{1,255}$/.test(key)) throw badKey()
  const { pathname } = new URL(request.url)
  const target = `${request.method} ${pathname.replace(/\/$/, '')}\n`
  const entry = { accountId, key, fingerprint: createHash('sha256').update(target).update(body).digest('hex') }
  const claim = await store.claim(entry, idempotencyTimes(clock))
  if (claim.kind === 'answered') return { answer: claim.answer, isRepeated: true }
  if (claim.kind === 'different') throw reused()
  if (claim.kind === 'running') throw inUse()
  try {
    const answer = await carryOut()
    await store.complete(entry, answer, clock.now())
    return { answer, isRepeated: false }
  } catch (error) {
    await store.release(entry)
    throw error
  }
}

function badKey() {
  return httpError('MALFORMED_REQUEST', {
    message: 'Idempotency-Key: must have 1 to 255 visible characters.',
    hint: 'Send a UUID.',
  })
}

function reused() {
  return httpError('IDEMPOTENCY_KEY_REUSED', {
    message: 'This Idempotency-Key was used for another request.',
    hint: 'Make a new key for every new request.',
  })
}

function inUse() {
  return httpError('IDEMPOTENCY_KEY_IN_USE', {
    message: 'A request with this Idempotency-Key is being worked on.',
    hint: 'Wait and send it again: it then gets the answer of the first.',
    retryable: true,
    retryAfterMs: 1_000,
  })
}

import type { Fault } from '@igny8-tools/fault-proxy'

/** A fault as the report calls it, and how many requests in a row it hits. */
export interface NamedFault {
  readonly name: string
  readonly fault: Fault
  readonly requests: number
  /** Where it is told only by somebody who tries again before it arrives. */
  readonly isRushed?: boolean
}

/** A request's own deadline; what comes later finds nobody who waits. */
const deadlineMs = 30_000

/** What can happen to a request, as found on the way to real sites. */
export const namedFaults: readonly NamedFault[] = [
  once('cut before', { kind: 'cut', when: 'before' }),
  once('cut after', { kind: 'cut', when: 'after' }),
  once('cut in body', { kind: 'cut', when: 'in-body' }),
  once('half body that looks whole', { kind: 'truncate', declares: 'sent' }),
  once('half body', { kind: 'truncate', declares: 'whole' }),
  once('late, in time', { kind: 'hold', ms: 10_000 }),
  { ...once('arrives after the deadline', { kind: 'hold', ms: deadlineMs + 5_000 }), isRushed: true },
  once('arrives after the settle time', { kind: 'hold', ms: 200_000 }),
  once('answer after the deadline', { kind: 'answer-late', ms: deadlineMs + 5_000 }),
  once('drip within the deadline', { kind: 'drip', ms: 20_000 }),
  once('drip beyond the deadline', { kind: 'drip', ms: 60_000 }),
  once('502 after', { kind: 'gateway-error', status: 502 }),
  once('503 after', { kind: 'gateway-error', status: 503 }),
  once('504 after', { kind: 'gateway-error', status: 504 }),
  once('429 in seconds', { kind: 'too-many-requests', form: 'seconds', seconds: 30 }),
  once('429 with a date', { kind: 'too-many-requests', form: 'date', seconds: 300 }),
  once('login page, carried out', { kind: 'page', page: 'login', isCarriedOut: true }),
  once('login page', { kind: 'page', page: 'login', isCarriedOut: false }),
  once('maintenance page, carried out', { kind: 'page', page: 'maintenance', isCarriedOut: true }),
  once('maintenance page', { kind: 'page', page: 'maintenance', isCarriedOut: false }),
  once('notice before', { kind: 'notice', place: 'before' }),
  once('notice after', { kind: 'notice', place: 'after' }),
  once('empty 200', { kind: 'empty' }),
  once('twice, one by one', { kind: 'duplicate', order: 'one-by-one' }),
  once('twice, together', { kind: 'duplicate', order: 'together' }),
  { name: 'no Authorization for a while', fault: { kind: 'strip-authorization' }, requests: 4 },
  { name: '401 for a while', fault: { kind: 'unauthorized' }, requests: 4 },
]

function once(name: string, fault: Fault): NamedFault {
  return { name, fault, requests: 1 }
}

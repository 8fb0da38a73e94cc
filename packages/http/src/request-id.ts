import { randomUUID } from 'node:crypto'

/** That of the caller or of a proxy before us, where it cannot break a log; else a new one. */
export function requestIdOf(headers: Pick<Headers, 'get'>): string {
  const given = headers.get('x-request-id') ?? ''
  return /^[A-Za-z0-9_-]{8,64}$/.test(given) ? given : randomUUID()
}

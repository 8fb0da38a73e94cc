import type { DomainEvent } from '@igny8/core'
import type { AnsweredRequest } from '@igny8/http'
import { Counter, collectDefaultMetrics, Histogram, Registry } from 'prom-client'

/** Counts for Prometheus. Labels are names of operations, never paths or ids. */
export function createMetrics() {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const requests = new Counter({
    name: 'igny8_http_requests_total',
    help: 'Requests answered',
    labelNames: ['operation', 'status'],
    registers: [registry],
  })
  const seconds = new Histogram({
    name: 'igny8_http_request_duration_seconds',
    help: 'Time to the first byte of an answer',
    labelNames: ['operation'],
    registers: [registry],
  })
  const events = new Counter({
    name: 'igny8_events_total',
    help: 'Committed events',
    labelNames: ['type'],
    registers: [registry],
  })
  return {
    count({ operationId, status, durationMs }: AnsweredRequest) {
      const operation = operationId ?? 'none'
      requests.inc({ operation, status })
      seconds.observe({ operation }, durationMs / 1_000)
    },
    countEvent: ({ type }: DomainEvent) => events.inc({ type }),
    contentType: registry.contentType,
    print: () => registry.metrics(),
  }
}

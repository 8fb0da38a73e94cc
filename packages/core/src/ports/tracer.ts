import type { Primitive } from '../errors/igny8-error.ts'

/** A span of OpenTelemetry, as far as it is used here. */
export interface TraceSpan {
  setAttribute(name: string, value: Exclude<Primitive, null>): unknown
  /** Code 2 is an error. */
  setStatus(status: { readonly code: number; readonly message?: string }): unknown
  end(): void
}

/**
 * What makes spans: a tracer of `@opentelemetry/api` fits as it is. Spans carry names, ids, codes and counts; no text of a content, no credential, no query of a URL.
 */
export interface Tracer {
  startActiveSpan<Result>(name: string, work: (span: TraceSpan) => Result): Result
}

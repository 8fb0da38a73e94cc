import type { Primitive } from '../errors/igny8-error.ts'

/** What a line of the log says beside its message; never a secret. */
export type LogFields = Readonly<Record<string, Primitive | undefined>>

/** Where the SDK tells what it does. Fields hold primitives only; no secret is ever passed. */
export interface Logger {
  debug(message: string, fields?: LogFields): void
  info(message: string, fields?: LogFields): void
  warn(message: string, fields?: LogFields): void
  error(message: string, fields?: LogFields): void
}

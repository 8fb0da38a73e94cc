import type { Logger } from '@igny8/core'
import pino from 'pino'

const secretNames = ['authorization', 'cookie', 'password', 'secret', 'apiKey', 'wpApiKey', 'credentials']

/** Logs as JSON on standard output. The SDK passes no secret; a host that does so by mistake finds it redacted. */
export function createLogger(level: string): Logger {
  const log = pino({ level, redact: secretNames.flatMap((name) => [name, `*.${name}`]) })
  return {
    debug: (message, fields) => log.debug(fields ?? {}, message),
    info: (message, fields) => log.info(fields ?? {}, message),
    warn: (message, fields) => log.warn(fields ?? {}, message),
    error: (message, fields) => log.error(fields ?? {}, message),
  }
}

import type { Logger } from '../ports/logger.ts'

/** Says nothing. */
export function createSilentLogger(): Logger {
  const silent = () => undefined
  return { debug: silent, info: silent, warn: silent, error: silent }
}

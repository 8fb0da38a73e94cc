import type { VendorRefusal } from '../vendor-failure.ts'
import type { RunwareFailure } from './runware-schemas.ts'

/**
 * The vendor is still settling its codes, so they are read by what they say. Only what is refused before any work has no effect; a
 * moderation may look at the finished image.
 */
const rules: readonly (readonly [RegExp, NonNullable<VendorRefusal['kind']>, VendorRefusal['effect']])[] = [
  [/api_?key|unauthori[sz]ed/i, 'auth', 'none'],
  [/(insufficient|exceeded).*(credit|balance|fund)/i, 'quota', 'none'],
  [/rate_?limit|too_?many|concurrent/i, 'rate', 'none'],
  [/moderat|nsfw|content_?policy|unsafe/i, 'moderation', 'unknown'],
  [/^(invalid|missing|unsupported|unknown)/i, 'input', 'none'],
]

/** Reads an error of Runware; an unknown code is judged by the status. */
export function mapErrorToRefusal(failure: RunwareFailure | undefined): VendorRefusal {
  const { code = null, message = null } = failure ?? {}
  const rule = rules.find(([pattern]) => code !== null && pattern.test(code))
  if (rule === undefined) return { code, message }
  const [, kind, effect] = rule
  return { code, message, kind, ...(effect === undefined ? {} : { effect }) }
}

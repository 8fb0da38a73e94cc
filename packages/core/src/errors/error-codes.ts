/**
 * What core itself can report. Each code names the caller's next step; the error's `hint` spells it out.
 *
 * Adapters add their own (`NOT_WORDPRESS`, …): see `ErrorCode`.
 */
export type CoreErrorCode =
  // what the caller gave
  | 'INVALID_INPUT'
  | 'NOT_FOUND'
  | 'VERSION_CONFLICT'
  | 'INVALID_TRANSITION'
  | 'NOT_APPROVED'
  | 'PUBLISH_LIMIT_REACHED'
  | 'UNSUPPORTED'
  // connections
  | 'PLATFORM_NOT_INSTALLED'
  | 'SITE_ALREADY_CONNECTED'
  | 'SITE_MISMATCH'
  | 'INTEGRATION_INACTIVE'
  | 'INTEGRATION_PAUSED'
  | 'SYNC_RUNNING'
  | 'SYNC_INTERRUPTED'
  | 'DELETIONS_SUSPECTED'
  | 'SITE_RESTORED'
  | 'CONFLICT_OPEN'
  // the other side
  | 'AUTH_FAILED'
  | 'PERMISSION_DENIED'
  | 'RATE_LIMITED'
  | 'REMOTE_NOT_FOUND'
  | 'REMOTE_REJECTED'
  | 'REMOTE_FAILED'
  | 'REMOTE_MALFORMED'
  // AI
  | 'PROVIDER_NOT_INSTALLED'
  | 'KEY_MISSING'
  | 'MODEL_NOT_CHOSEN'
  | 'BUDGET_EXCEEDED'
  | 'COST_UNKNOWN'
  | 'OUTPUT_MALFORMED'
  | 'QUOTA_EXHAUSTED'
  | 'CONTENT_REFUSED'
  | 'OVERLOADED'
  | 'PACKAGE_MISSING'
  // the way there
  | 'OUTBOUND_REFUSED'
  | 'REDIRECT_REFUSED'
  | 'HOST_NOT_FOUND'
  | 'CONNECTION_FAILED'
  | 'TLS_FAILED'
  | 'TIMEOUT'
  | 'ANSWER_TOO_LARGE'
  | 'CANCELLED'
  // media
  | 'IMAGE_REFUSED'
  // at home
  | 'STORAGE_NOT_MIGRATED'
  | 'STORAGE_FAILED'
  | 'LEASE_LOST'
  | 'SECRET_UNREADABLE'
  | 'NOT_STARTED'
  | 'STOPPED'

/** A core code, or one that an adapter adds. */
export type ErrorCode = CoreErrorCode | (string & {})

export {
  createPostgresRateLimits,
  type PostgresRateLimitsOptions,
  type RateLimitPool,
} from './create-postgres-rate-limits.ts'

import { createHash } from 'node:crypto'
import type { CreateRateLimiter, Logger } from '@igny8/core'
import { createSilentLogger, describeFailure, Igny8Error } from '@igny8/core/adapter-kit'
import type { RateLimiterAbstract } from 'rate-limiter-flexible'

/** As much of a `pg.Pool` as is used. */
export interface RateLimitPool {
  query(
    query: string | { readonly text: string; readonly values?: unknown[]; readonly name?: string },
  ): Promise<unknown>
}

/** Where the counts are kept. */
export interface PostgresRateLimitsOptions {
  readonly pool: RateLimitPool
  /** Made where it is missing; unlogged, as a restart of the database may forget it. @default 'igny8_rate_limits' */
  readonly tableName?: string
  /** @default silent */
  readonly logger?: Logger
}

/**
 * Limits that all processes on one PostgreSQL share, for `createIgny8({ rateLimits })`. Throws `PACKAGE_MISSING` without the package `rate-limiter-flexible`.
 *
 * Where limits in the process are buckets that fill again all the time, these count in windows as long as a bucket takes to fill: `burst` in each. Whoever has used
 * one up is held off without a query until its end. While the database fails each process counts for itself: nobody is let in without a limit, and nobody
 * locked out.
 *
 * @example
 * const igny8 = createIgny8({ storage, platforms, encryption, rateLimits: await createPostgresRateLimits({ pool }) })
 */
export async function createPostgresRateLimits(options: PostgresRateLimitsOptions): Promise<CreateRateLimiter> {
  const { pool, tableName = 'igny8_rate_limits', logger = createSilentLogger() } = options
  if (!/^[a-z_][a-z0-9_]{0,62}$/.test(tableName)) throw new TypeError('tableName must be a plain name of a table.')
  const { RateLimiterMemory, RateLimiterPostgres, RateLimiterRes } = await importLimiters()
  const create = `create unlogged table if not exists ${tableName} (
    key varchar(255) primary key, points integer not null default 0, expire bigint)`
  // Of two processes that make it at once one may fail: the second time it is there.
  await pool.query(create).catch(() => pool.query(create))

  async function take(limiter: RateLimiterAbstract, key: string): Promise<number> {
    try {
      await limiter.consume(key)
      return 0
    } catch (refused) {
      if (!(refused instanceof RateLimiterRes)) throw refused
      return Math.max(1, refused.msBeforeNext)
    }
  }

  return (name, { burst, perSecond }) => {
    const window = { keyPrefix: name, points: burst, duration: burst / perSecond }
    const shared = new RateLimiterPostgres({
      ...window,
      storeClient: pool,
      storeType: 'pool',
      tableName,
      tableCreated: true,
      inMemoryBlockOnConsumed: burst,
    })
    const own = new RateLimiterMemory(window)
    return {
      async take(key) {
        // Neither addresses nor sites stand in the table, and no key is longer than its column.
        const hash = createHash('sha256').update(key).digest('base64url')
        return take(shared, hash).catch((error: unknown) => {
          logger.warn('Rate limits are not shared while the database fails.', {
            limit: name,
            ...describeFailure(error),
          })
          return take(own, hash)
        })
      },
    }
  }
}

async function importLimiters(): Promise<typeof import('rate-limiter-flexible')> {
  try {
    return await import('rate-limiter-flexible')
  } catch (cause) {
    throw new Igny8Error({
      code: 'PACKAGE_MISSING',
      message: 'The package rate-limiter-flexible is not installed.',
      hint: 'Run: npm install rate-limiter-flexible',
      cause,
    })
  }
}

import { afterAll, beforeAll, describe } from 'vitest'
import { startPostgres } from './start-postgres.ts'

/**
 * Defines tests on the PostgreSQL that IGNY8_TEST_DATABASE_URL names, or on one that is started for them where IGNY8_REQUIRE_SERVICES=1.
 *
 * Skipped where neither is set, as it starts a server.
 */
export function describeOnPostgres(name: string, define: (url: () => string) => void): void {
  const given = process.env.IGNY8_TEST_DATABASE_URL
  describe.skipIf(given === undefined && process.env.IGNY8_REQUIRE_SERVICES !== '1')(name, () => {
    let url = given
    let stop: (() => Promise<void>) | undefined
    beforeAll(async () => {
      if (given !== undefined) return
      const server = await startPostgres()
      url = server.url
      stop = server.stop
    })
    afterAll(async () => {
      await stop?.()
    })
    define(() => {
      if (url === undefined) throw new Error('The server is there inside tests only.')
      return url
    })
  })
}

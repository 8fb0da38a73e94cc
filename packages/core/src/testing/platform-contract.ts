import assert from 'node:assert/strict'
import { platformContentContract } from './platform-contract-content.ts'
import { platformMediaContract } from './platform-contract-media.ts'
import { platformPullContract } from './platform-contract-pull.ts'
import {
  createPlatformSuite,
  failsWithoutEffect,
  type PlatformContractOptions,
  type PlatformSuite,
} from './platform-contract-suite.ts'
import { platformTaxonomiesContract } from './platform-contract-taxonomies.ts'

/**
 * Defines the tests that every `PlatformAdapter` must pass, on a real site or a faithful fake, in your test runner.
 *
 * @example
 * import { describe, it } from 'vitest'
 * platformContract({ describe, it, createPlatform: async () => ({ client: adapter.open(connection) }) })
 */
export function platformContract(options: PlatformContractOptions): void {
  options.describe('platform contract', () => {
    const suite = createPlatformSuite(options)
    connectionContract(suite)
    platformContentContract(suite)
    platformPullContract(suite)
    platformMediaContract(suite)
    platformTaxonomiesContract(suite)
  })
}

function connectionContract({ describe, test }: PlatformSuite): void {
  describe('connection', () => {
    test('says who is connected to what', async ({ client }) => {
      const report = await client.testConnection()
      assert.notEqual(report.user.externalId, '')
      assert.notEqual(report.siteName, '')
      assert.ok(URL.canParse(report.apiRoot))
      assert.ok(isZone(report.timezone), `${report.timezone} is no time zone`)
      assert.ok(Math.abs(report.clockSkewMs) < 60 * 60_000)
      assert.ok(report.roles.length > 0 && report.capabilities.length > 0)
    })

    test('reads a structure that holds together', async ({ client, type }) => {
      const structure = await client.readStructure()
      const known = new Set(structure.taxonomies.map((taxonomy) => taxonomy.type))
      assert.equal(known.size, structure.taxonomies.length)
      assert.ok(structure.contentTypes.some((info) => info.type === type))
      assert.equal(new Set(structure.contentTypes.map((info) => info.type)).size, structure.contentTypes.length)
      for (const info of structure.contentTypes) {
        assert.deepEqual(
          info.taxonomies.filter((taxonomy) => !known.has(taxonomy)),
          [],
        )
        assert.ok(info.count === null || info.count >= 0)
      }
      assert.ok(structure.statuses.length > 0)
      assert.ok(isZone(structure.timezone), `${structure.timezone} is no time zone`)
      assert.ok(!Number.isNaN(Date.parse(structure.readAt)))
      assert.deepEqual(JSON.parse(JSON.stringify(structure)), structure, 'the structure is not plain data')
    })

    test('says what may be done with a type, and that another does not exist', async ({ client, type }) => {
      const report = await client.testCollection({ type })
      const { canRead, canWrite, canPublish, problems } = report
      assert.deepEqual(
        { canRead, canWrite, canPublish, problems },
        { canRead: true, canWrite: true, canPublish: true, problems: [] },
      )
      await failsWithoutEffect('REMOTE_NOT_FOUND', () => client.testCollection({ type: 'no-such-type' }))
    })
  })
}

function isZone(timezone: string): boolean {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: timezone }).format(0) !== ''
  } catch {
    return false
  }
}

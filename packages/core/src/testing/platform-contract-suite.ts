import assert from 'node:assert/strict'
import { randomUUID } from 'node:crypto'
import { isIgny8Error } from '../errors/igny8-error.ts'
import type { TaxonomyInfo } from '../model/site-structure.ts'
import type { PlatformClient } from '../ports/platform-adapter.ts'
import type { RemoteContent, RemoteWrite } from '../ports/platform-content.ts'
import type { PlatformPull, RemotePage } from '../ports/platform-pull.ts'
import type { RemoteTerm, TermWrite } from '../ports/platform-taxonomies.ts'
import type { TestRunner } from './storage-contract-suite.ts'

/** A platform with a site to work on, and what a test may do there by other ways than the adapter. */
export interface PlatformUnderTest {
  /** Of a user who may do everything that the adapter asks for. */
  readonly client: PlatformClient
  /** A content type of the site. @default 'post' */
  readonly type?: string
  /** Gives an item a status that the model does not know, as an extension of the site would. Without it, such are not tested. */
  readonly setForeignStatus?: (externalId: string) => Promise<{ readonly status: string }>
  /** Whether its adapter declares `futureDates`. @default false */
  readonly futureDates?: boolean
  /** Called when the test is over. @default nothing is closed */
  readonly close?: () => Promise<void>
}

/** The platform under test, and what the suite may do on its site. */
export interface PlatformContractOptions extends TestRunner {
  /**
   * Gives each test a platform: a new one, or one for all, since every test works with names of its own and deletes what it made.
   * Tests must not run at the same time on one site.
   */
  readonly createPlatform: () => Promise<PlatformUnderTest>
}

/** What a test of the contract works with. */
export interface PlatformCase {
  readonly client: PlatformClient
  readonly type: string
  readonly setForeignStatus: PlatformUnderTest['setForeignStatus']
  readonly futureDates: boolean
  /** A name that nothing on the site has. */
  readonly name: string
  /** Creates an item that is deleted after the test. */
  create(fields: RemoteWrite): Promise<RemoteContent>
  /** Creates a term that is deleted after the test. */
  createTerm(input: TermWrite): Promise<{ readonly term: RemoteTerm; readonly adopted: boolean }>
  /** Reads an item that must be there. */
  read(externalId: string): Promise<RemoteContent>
}

/** Where the parts of the contract define their tests. */
export interface PlatformSuite {
  describe(name: string, define: () => void): void
  test(name: string, run: (given: PlatformCase) => Promise<void>): void
}

/** Makes a suite whose every test cleans up after itself. */
export function createPlatformSuite(options: PlatformContractOptions): PlatformSuite {
  return {
    describe(name, define) {
      options.describe(name, define)
    },
    test(name, run) {
      options.it(name, async () => runIn(await options.createPlatform(), run))
    },
  }
}

async function runIn(platform: PlatformUnderTest, run: (given: PlatformCase) => Promise<void>): Promise<void> {
  const { client, type = 'post' } = platform
  const items: string[] = []
  const terms: RemoteTerm[] = []
  try {
    await run({
      client,
      type,
      setForeignStatus: platform.setForeignStatus,
      futureDates: platform.futureDates ?? false,
      name: `contract-${randomUUID().slice(0, 8)}`,
      async create(fields) {
        const created = await client.content.create({ type, fields })
        items.push(created.externalId)
        return created
      },
      async createTerm(input) {
        assert.ok(client.taxonomies)
        const created = await client.taxonomies.create(input)
        terms.push(created.term)
        return created
      },
      async read(externalId) {
        const found = await client.content.get({ type, externalId })
        assert.equal(found.kind, 'found')
        assert.ok(found.kind === 'found')
        return found.content
      },
    })
  } finally {
    for (const externalId of items) await client.content.delete({ type, externalId })
    // Children before parents.
    for (const term of terms.reverse()) await client.taxonomies?.delete(term)
    await platform.close?.()
  }
}

/** Asserts that the call fails with this code, and with nothing done. */
export async function failsWithoutEffect(code: string, call: () => Promise<unknown>): Promise<void> {
  await assert.rejects(call, (error) => {
    assert.ok(isIgny8Error(error), `expected an Igny8Error with ${code}, got: ${String(error)}`)
    assert.equal(error.code, code)
    assert.equal(error.effect, 'none')
    return true
  })
}

/** Every row of a paged list, by pages that overlap by one row. */
export async function readAllPages<Row extends { readonly externalId: string }>(
  pull: Pick<PlatformPull, 'maxPageSize'>,
  list: (offset: number, limit: number) => Promise<RemotePage<Row>>,
  limit = pull.maxPageSize,
): Promise<readonly Row[]> {
  const rows = new Map<string, Row>()
  for (let offset = 0, pages = 0; ; offset += Math.max(limit - 1, 1), pages++) {
    assert.ok(pages < 10_000, 'the list does not end')
    const page = await list(offset, limit)
    assert.ok(page.rows.length <= limit, 'a page is longer than its limit')
    assert.ok(!Number.isNaN(page.serverTime.getTime()))
    for (const row of page.rows) rows.set(row.externalId, row)
    if (!page.more) return [...rows.values()]
  }
}

/** A taxonomy of the type under test, with a tree or without. */
export async function findTaxonomy(given: PlatformCase, hierarchical: boolean): Promise<TaxonomyInfo | undefined> {
  const structure = await given.client.readStructure()
  const applying = structure.contentTypes.find((type) => type.type === given.type)?.taxonomies ?? []
  return structure.taxonomies.find(
    (taxonomy) => applying.includes(taxonomy.type) && taxonomy.hierarchical === hierarchical,
  )
}

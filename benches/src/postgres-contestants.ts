import { once } from 'node:events'
import type { SyncLink } from '@igny8/core'
import { testAccountId } from '@igny8/core/testing'
import { createPostgresStorage, type PostgresStorage } from '@igny8/storage-postgres'
import type { Pool, PoolClient } from 'pg'
import { from as copyFrom } from 'pg-copy-streams'

/** One way to write all links into an empty table, and where there is one, to change all of them. */
export interface Contestant {
  readonly name: 'storage' | 'unnest' | 'copy'
  readonly write: () => Promise<void>
  readonly change?: () => Promise<void>
}

const texts = 'text'
/** The columns of a link, in the order in which `columnsOf` gives them. */
const columns = [
  ['account_id', texts],
  ['integration_id', texts],
  ['kind', texts],
  ['local_id', texts],
  ['external_id', texts],
  ['external_type', texts],
  ['local_base', 'json'],
  ['remote_base', 'json'],
  ['remote_hash', texts],
  ['remote_modified_at', 'timestamptz'],
  ['remote_status', texts],
  ['remote_url', texts],
  ['racy', 'boolean'],
  ['verified_at', 'timestamptz'],
  ['seen_at', 'timestamptz'],
  ['deleted_at', 'timestamptz'],
  ['version', 'bigint'],
  ['created_at', 'timestamptz'],
  ['updated_at', 'timestamptz'],
] as const

const names = columns.map(([name]) => name).join(', ')
const keyNames = ['account_id', 'integration_id', 'kind', 'local_id']

/** The link after a remote edit. */
const changed = (link: SyncLink): SyncLink => ({
  ...link,
  remoteHash: `${link.remoteHash}+`,
  version: link.version + 1,
})

/** The storage, what `pg` alone does of it, and the fastest way into PostgreSQL, all into the same table with the same indexes. */
export function createContestants(pool: Pool, schema: string, links: readonly SyncLink[]): readonly Contestant[] {
  const account = createPostgresStorage({ pool, schema }).forAccount(testAccountId)
  const unnest = `insert into ${schema}.links (${names})
    select * from unnest(${columns.map(([, type], index) => `$${index + 1}::${type}[]`).join(', ')}) on conflict do nothing`
  const update = `update ${schema}.links as stored set ${columns.map(([name]) => `${name} = source.${name}`).join(', ')}
    from unnest(${columns.map(([, type], index) => `$${index + 1}::${type}[]`).join(', ')}) as source(${names})
    where ${keyNames.map((name) => `stored.${name} = source.${name}`).join(' and ')} and stored.version = source.version - 1`
  return [
    {
      name: 'storage',
      write: () => account.links.insert(links),
      async change() {
        const replaced = await account.links.updateMany(
          links.map((link) => ({ row: changed(link), expectedVersion: 1 })),
        )
        if (replaced.some((isReplaced) => !isReplaced)) throw new Error('A link was not changed.')
      },
    },
    {
      name: 'unnest',
      change: () =>
        inTransaction(pool, async (client) => {
          const rows = links.map((link) => columnsOf(changed(link)))
          const { rowCount } = await client.query(
            update,
            columns.map((_, index) => rows.map((row) => row[index])),
          )
          if (rowCount !== links.length) throw new Error('A link was not changed.')
        }),
      write: () =>
        inTransaction(pool, async (client) => {
          const rows = links.map(columnsOf)
          await client.query(
            unnest,
            columns.map((_, index) => rows.map((row) => row[index])),
          )
        }),
    },
    {
      name: 'copy',
      write: () =>
        inTransaction(pool, async (client) => {
          const stream = client.query(copyFrom(`copy ${schema}.links (${names}) from stdin`))
          stream.end(links.map((link) => columnsOf(link).map(toCopy).join('\t')).join('\n'))
          await once(stream, 'finish')
        }),
    },
  ]
}

/** Throws unless every link stands as it was handed in. */
export async function checkLinks(storage: PostgresStorage, links: readonly SyncLink[]): Promise<void> {
  const stored = storage.forAccount(testAccountId).links
  const [first] = links
  if (first === undefined) return
  const count = await stored.count({ integrationId: first.integrationId, kind: first.kind })
  if (count !== links.length) throw new Error(`${count} links of ${links.length} were written.`)
  for (const link of [first, links[links.length >> 1], links.at(-1)]) {
    const [found] = await stored.findByLocalIds(first.integrationId, first.kind, [link?.localId ?? ''])
    if (JSON.stringify(sorted(found)) !== JSON.stringify(sorted(link))) throw new Error('A link was written wrong.')
  }
}

function columnsOf(link: SyncLink): readonly (string | number | boolean | Date | null)[] {
  return [
    link.accountId,
    link.integrationId,
    link.kind,
    link.localId,
    link.externalId,
    link.externalType,
    JSON.stringify(link.localBase),
    JSON.stringify(link.remoteBase),
    link.remoteHash,
    link.remoteModifiedAt,
    link.remoteStatus,
    link.remoteUrl,
    link.racy,
    link.verifiedAt,
    link.seenAt,
    link.deletedAt,
    link.version,
    link.createdAt,
    link.updatedAt,
  ]
}

function toCopy(value: string | number | boolean | Date | null): string {
  if (value === null) return '\\N'
  if (value instanceof Date) return value.toISOString()
  const text = String(value)
  return /[\\\n\r\t]/.test(text) ? text.replaceAll(/[\\\n\r\t]/g, (mark) => `\\${mark}`) : text
}

async function inTransaction(pool: Pool, work: (client: PoolClient) => Promise<void>): Promise<void> {
  const client = await pool.connect()
  try {
    await client.query('begin')
    await work(client)
    await client.query('commit')
  } finally {
    client.release()
  }
}

function sorted(link: SyncLink | undefined): unknown {
  return Object.entries(link ?? {}).sort(([left], [right]) => (left < right ? -1 : 1))
}

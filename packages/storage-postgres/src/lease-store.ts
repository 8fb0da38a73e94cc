import { Igny8Error, type Lease, type LeaseStore } from '@igny8/core'
import { sql } from 'kysely'
import type { AccountScope } from './account-scope.ts'
import { encodeInstant } from './column-codecs.ts'
import { isOneOf } from './read-rows.ts'
import { tables } from './tables.ts'
import { decodeText, encodeArray, encodeText } from './text-codec.ts'
import { alreadyThere, runSql, tableOf } from './write-rows.ts'

const table = tables.leases

/** Tokens come from a sequence of the whole schema: they never go back, not even for a lease whose row was removed. */
export function createLeaseStore(scope: AccountScope): LeaseStore {
  const { account, builder, session } = scope
  const expiryOf = (now: Date, ttlMs: number) => encodeInstant(new Date(now.getTime() + ttlMs))
  /** That a row is one of these leases, by key and token. */
  const areSame = (leases: readonly Lease[]) => {
    const keys = encodeArray(leases.map(({ key }) => encodeText(key)))
    const tokens = encodeArray(leases.map(({ token }) => String(token)))
    return sql`account_id = ${account} and (key, token) in (select * from unnest(${keys}::text[], ${tokens}::bigint[]))`
  }
  const isHolder = (lease: Lease, now: Date) =>
    sql`account_id = ${account} and key = ${encodeText(lease.key)} and token = ${String(lease.token)}
      and expires_at > ${encodeInstant(now)}`

  async function acquireMany({ requests, now, ttlMs }: Parameters<LeaseStore['acquireMany']>[0]) {
    const keys = requests.map(({ key }) => key)
    if (new Set(keys).size < keys.length) throw alreadyThere(table.label)
    const [at, expiresAt] = [encodeInstant(now), expiryOf(now, ttlMs)]
    const owners = requests.map(({ owner }) => encodeText(owner))
    const acquiring = sql`insert into ${tableOf(scope, 'leases')} as held (account_id, key, owner, token, expires_at)
      select ${account}, source.key, source.owner, nextval(${`${scope.schema}.lease_tokens`}::regclass), ${expiresAt}
        from unnest(${encodeArray(keys.map(encodeText))}::text[], ${encodeArray(owners)}::text[]) as source(key, owner)
      on conflict (account_id, key) do update set owner = excluded.owner, expires_at = excluded.expires_at,
        token = case when held.expires_at > ${at} then held.token else excluded.token end
      where held.expires_at <= ${at} or held.owner = excluded.owner returning *`
    const { rows } = await session.write((connection) => runSql(scope, connection, acquiring))
    const held = new Map(rows.map(table.decode).map((lease) => [lease.key, lease]))
    return keys.map((key) => held.get(key))
  }

  async function assertAllHeld(leases: readonly Lease[], now: Date): Promise<void> {
    const holding = sql`select key from ${tableOf(scope, 'leases')}
      where ${areSame(leases)} and expires_at > ${encodeInstant(now)}`
    const { rows } = await session.read((connection) => runSql(scope, connection, holding))
    const held = new Set(rows.map((row) => decodeText(row.key ?? '')))
    const lost = leases.find(({ key }) => !held.has(key))
    if (lost === undefined) return
    throw new Igny8Error({
      code: 'LEASE_LOST',
      message: `The lease ${lost.key} is held by somebody else, or ran out.`,
      hint: 'Nothing was written. Start again: whoever holds the lease now has gone on from here.',
      retryable: true,
    })
  }

  async function releaseMany(leases: readonly Lease[]): Promise<void> {
    const releasing = sql`delete from ${tableOf(scope, 'leases')} where ${areSame(leases)}`
    await session.write((connection) => runSql(scope, connection, releasing))
  }

  return {
    acquire: async ({ now, ttlMs, ...request }) => (await acquireMany({ requests: [request], now, ttlMs }))[0],
    acquireMany,
    async renew(lease, now, ttlMs) {
      const renewing = sql`update ${tableOf(scope, 'leases')} set owner = ${encodeText(lease.owner)},
        expires_at = ${expiryOf(now, ttlMs)} where ${isHolder(lease, now)} returning *`
      const { rows } = await session.write((connection) => runSql(scope, connection, renewing))
      return rows.map(table.decode)[0]
    },
    async listHeld(keys, now) {
      if (keys.length === 0) return []
      const held = builder
        .selectFrom('leases')
        .selectAll()
        .where('account_id', '=', account)
        .where(isOneOf('key', keys))
        .where('expires_at', '>', encodeInstant(now))
        .compile()
      const { rows } = await session.read((connection) => connection.run(held))
      return rows.map((row) => table.decode(row).key)
    },
    assertHeld: async (lease, now) => assertAllHeld([lease], now),
    assertAllHeld,
    release: async (lease) => releaseMany([lease]),
    releaseMany,
  }
}

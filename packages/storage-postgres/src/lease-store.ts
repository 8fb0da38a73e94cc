import { Igny8Error, type Lease, type LeaseStore } from '@igny8/core'
import { sql } from 'kysely'
import type { AccountScope } from './account-scope.ts'
import { encodeInstant } from './column-codecs.ts'
import { isOneOf } from './read-rows.ts'
import { tables } from './tables.ts'
import { encodeText } from './text-codec.ts'
import { runSql, tableOf } from './write-rows.ts'

const table = tables.leases

/** Tokens come from a sequence of the whole schema: they never go back, not even for a lease whose row was removed. */
export function createLeaseStore(scope: AccountScope): LeaseStore {
  const { account, builder, session } = scope
  const expiryOf = (now: Date, ttlMs: number) => encodeInstant(new Date(now.getTime() + ttlMs))
  const isHolder = (lease: Lease, now: Date) =>
    sql`account_id = ${account} and key = ${encodeText(lease.key)} and token = ${String(lease.token)}
      and expires_at > ${encodeInstant(now)}`

  return {
    async acquire({ key, owner, now, ttlMs }) {
      const [at, expiresAt] = [encodeInstant(now), expiryOf(now, ttlMs)]
      const acquiring = sql`insert into ${tableOf(scope, 'leases')} as held (account_id, key, owner, token, expires_at)
        values (${account}, ${encodeText(key)}, ${encodeText(owner)},
          nextval(${`${scope.schema}.lease_tokens`}::regclass), ${expiresAt})
        on conflict (account_id, key) do update set owner = excluded.owner, expires_at = excluded.expires_at,
          token = case when held.expires_at > ${at} then held.token else excluded.token end
        where held.expires_at <= ${at} or held.owner = excluded.owner returning *`
      const { rows } = await session.write((connection) => runSql(scope, connection, acquiring))
      return rows.map(table.decode)[0]
    },
    async renew(lease, now, ttlMs) {
      const renewing = sql`update ${tableOf(scope, 'leases')} set owner = ${encodeText(lease.owner)},
        expires_at = ${expiryOf(now, ttlMs)} where ${isHolder(lease, now)} returning *`
      const { rows } = await session.write((connection) => runSql(scope, connection, renewing))
      return rows.map(table.decode)[0]
    },
    async listHeld(keys, now) {
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
    async assertHeld(lease, now) {
      const holding = sql`select 1 from ${tableOf(scope, 'leases')} where ${isHolder(lease, now)}`
      const { rows } = await session.read((connection) => runSql(scope, connection, holding))
      if (rows.length > 0) return
      throw new Igny8Error({
        code: 'LEASE_LOST',
        message: `The lease ${lease.key} is held by somebody else, or ran out.`,
        hint: 'Nothing was written. Start again: whoever holds the lease now has gone on from here.',
        retryable: true,
      })
    },
    async release(lease) {
      const releasing = builder
        .deleteFrom('leases')
        .where('account_id', '=', account)
        .where('key', '=', encodeText(lease.key))
        .where('token', '=', String(lease.token))
        .compile()
      await session.write((connection) => connection.run(releasing))
    },
  }
}

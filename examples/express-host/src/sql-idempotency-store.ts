import type { IdempotencyStore, KeptAnswer } from '@igny8/http'
import type { Query } from './open-database.ts'

/** Idempotency keys that all processes share. */
export function createSqlIdempotencyStore(query: Query): IdempotencyStore {
  return {
    async claim({ accountId, key, fingerprint }, { now, staleBefore, expiredBefore }) {
      const claimed = await query(
        `insert into host_idempotency as kept (account_id, key, fingerprint, at) values ($1, $2, $3, $4)
        on conflict (account_id, key) do update set fingerprint = excluded.fingerprint, at = excluded.at, answer = null
        where kept.at < case when kept.answer is null then $5::timestamptz else $6::timestamptz end
        returning 1 as one`,
        [accountId, key, fingerprint, now, staleBefore, expiredBefore],
      )
      if (claimed.length > 0) return { kind: 'claimed' }
      const [row] = await query('select fingerprint, answer from host_idempotency where account_id = $1 and key = $2', [
        accountId,
        key,
      ])
      if (row !== undefined && row.fingerprint !== fingerprint) return { kind: 'different' }
      if (typeof row?.answer !== 'string') return { kind: 'running' }
      return { kind: 'answered', answer: JSON.parse(row.answer) as KeptAnswer }
    },
    async complete({ accountId, key }, answer, now) {
      await query('update host_idempotency set answer = $3, at = $4 where account_id = $1 and key = $2', [
        accountId,
        key,
        JSON.stringify(answer),
        now,
      ])
    },
    async release({ accountId, key }) {
      await query('delete from host_idempotency where account_id = $1 and key = $2 and answer is null', [
        accountId,
        key,
      ])
    },
  }
}

import type { PublicationLedger, QuotaBucket } from '@igny8/core'
import { type RawBuilder, sql } from 'kysely'
import type { AccountScope } from './account-scope.ts'
import { encodeInstant } from './column-codecs.ts'
import { readNamed, readRow, readRows } from './read-rows.ts'
import { tables } from './tables.ts'
import { encodeText } from './text-codec.ts'
import { insertNew, runSql, tableOf } from './write-rows.ts'

const table = tables.publications

export function createPublicationLedger(scope: AccountScope): PublicationLedger {
  const { account, accountId, builder, session } = scope
  const all = builder.selectFrom('publications').selectAll().where('account_id', '=', account)
  const ofContent = (contentId: string) => all.where('content_id', '=', encodeText(contentId))
  const between = (siteId: string, from: Date, to: Date) =>
    all
      .where('site_id', '=', encodeText(siteId))
      .where('counted_at', '>=', encodeInstant(from))
      .where('counted_at', '<', encodeInstant(to))

  /** One row with a count for every bucket: `used_0`, `used_1`, … */
  function countUnits(siteId: string, buckets: readonly QuotaBucket[]): RawBuilder<unknown> {
    const counts = buckets.map(
      ({ from, to }, index) =>
        sql`count(*) filter (where counted_at >= ${encodeInstant(from)} and counted_at < ${encodeInstant(to)})
          as ${sql.ref(`used_${index}`)}`,
    )
    return sql`select ${sql.join(counts)} from ${tableOf(scope, 'publications')}
      where account_id = ${account} and site_id = ${encodeText(siteId)}`
  }

  return {
    async reserve({ publication, buckets, forcedReason }) {
      const forced = { ...publication, forcedReason: forcedReason ?? publication.forcedReason }
      const [row, forcedRow] = [table.encode(accountId, publication), table.encode(accountId, forced)]
      const finding = ofContent(publication.contentId).compile()
      const counting = buckets.length === 0 ? undefined : countUnits(publication.siteId, buckets)
      const limits = buckets.map((bucket) => ({ ...bucket }))
      return session.write(async (connection) => {
        const [first] = (await connection.run(finding)).rows
        if (first !== undefined) return { kind: 'reserved', publication: table.decode(first) }
        const counts = counting === undefined ? undefined : (await runSql(scope, connection, counting)).rows[0]
        const used = limits.map((_, index) => Number(counts?.[`used_${index}`] ?? 0))
        const full = limits.findIndex(({ limit }, index) => limit !== null && (used[index] ?? 0) >= limit)
        const bucket = limits[full]
        if (bucket !== undefined && forcedReason === undefined) return { kind: 'full', bucket, used: used[full] ?? 0 }
        const [reserved, stored] = bucket === undefined ? [publication, row] : [forced, forcedRow]
        await runSql(scope, connection, insertNew(scope, 'publications', table, [stored]))
        return { kind: 'reserved', publication: reserved }
      })
    },
    find: async (contentId) => readRow(scope, table, ofContent(contentId)),
    findMany: async (contentIds) => readNamed(scope, table, all, 'content_id', contentIds),
    async settle(contentId, status, countedAt) {
      const at = encodeInstant(countedAt)
      const settling = builder
        .updateTable('publications')
        .set({ status, counted_at: at, updated_at: at })
        .where('account_id', '=', account)
        .where('content_id', '=', encodeText(contentId))
        .compile()
      return session.write(async (connection) => (await connection.run(settling)).affected === 1)
    },
    async release(contentId) {
      const releasing = builder
        .deleteFrom('publications')
        .where('account_id', '=', account)
        .where('content_id', '=', encodeText(contentId))
        .compile()
      await session.write((connection) => connection.run(releasing))
    },
    listBetween: async (siteId, from, to) =>
      readRows(scope, table, between(siteId, from, to).orderBy('counted_at').orderBy('content_id')),
  }
}

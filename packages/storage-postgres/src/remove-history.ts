import { type RawBuilder, sql } from 'kysely'
import { encodeInstant } from './column-codecs.ts'
import type { SystemScope } from './system-storage.ts'

/** Removes old sync events and ended runs, except the newest of each content and of each integration. Returns how many rows went. */
export async function removeHistory(scope: SystemScope, before: Date, limit: number): Promise<number> {
  const { builder, database } = scope
  const at = encodeInstant(before)
  const oldEvents = builder
    .selectFrom('sync_events as old')
    .select(['old.account_id', 'old.id'])
    .where('old.created_at', '<', at)
    .where((where) =>
      where.or([
        where('old.content_id', 'is', null),
        where.exists(
          builder
            .selectFrom('sync_events as newer')
            .select(sql`1`.as('found'))
            .where(isSame('account_id'))
            .where(isSame('integration_id'))
            .where(isSame('content_id'))
            .where(isLater('created_at')),
        ),
      ]),
    )
    .orderBy('old.created_at')
    .orderBy('old.id')
    .limit(limit)
  const oldRuns = builder
    .selectFrom('sync_runs as old')
    .select(['old.account_id', 'old.id'])
    .where('old.finished_at', '<', at)
    .where((where) =>
      where.exists(
        builder
          .selectFrom('sync_runs as newer')
          .select(sql`1`.as('found'))
          .where(isSame('account_id'))
          .where(isSame('integration_id'))
          .where(isLater('finished_at')),
      ),
    )
    .orderBy('old.finished_at')
    .orderBy('old.id')
    .limit(limit)
  const removals = [
    builder.deleteFrom('sync_events').where(sql`(account_id, id)`, 'in', oldEvents).returning('id').compile(),
    builder.deleteFrom('sync_runs').where(sql`(account_id, id)`, 'in', oldRuns).returning('id').compile(),
  ]
  let removed = 0
  for (const removal of removals)
    removed += (await database.repeatable((connection) => connection.run(removal))).rows.length
  return removed
}

function isLater(column: string): RawBuilder<boolean> {
  const [newer, older] = [sql.ref(`newer.${column}`), sql.ref(`old.${column}`)]
  return sql<boolean>`(${newer}, ${sql.ref('newer.id')}) > (${older}, ${sql.ref('old.id')})`
}

function isSame(column: string): RawBuilder<boolean> {
  return sql<boolean>`${sql.ref(`newer.${column}`)} = ${sql.ref(`old.${column}`)}`
}

import type { AiStore, AiUsage, BudgetWindow, UsageSum } from '@igny8/core'
import { type RawBuilder, sql } from 'kysely'
import type { AccountScope } from './account-scope.ts'
import { decimal, encodeInstant } from './column-codecs.ts'
import { byInstant, byText, type Order } from './page-of.ts'
import { readPage, readRow, readRows } from './read-rows.ts'
import { tables } from './tables.ts'
import { decodeText, encodeText } from './text-codec.ts'
import { alreadyThere, insertNew, putVersion, replaceRow, runSql, tableOf, upsertRow } from './write-rows.ts'

const { ai_settings: settings, ai_models: models, ai_usage: usages } = tables

export function createAiStore(scope: AccountScope): AiStore {
  const { account, accountId, builder, session } = scope
  const allUsage = builder.selectFrom('ai_usage').selectAll().where('account_id', '=', account)

  /** One row: `used_0`, `used_1`, … and whether `usage` still fits under each limit: `fits_0`, … */
  function sumWindows({ cost }: AiUsage, windows: readonly BudgetWindow[]): RawBuilder<unknown> {
    const sums = windows.map(({ from, to, limit }, index) => {
      const used = sql`coalesce(sum(cost) filter
        (where created_at >= ${encodeInstant(from)} and created_at < ${encodeInstant(to)}), 0)`
      return sql`trim_scale(${used}) as ${sql.ref(`used_${index}`)},
        ${used} + ${decimal.encode(cost ?? '0')}::numeric <= ${decimal.encode(limit)}::numeric
          as ${sql.ref(`fits_${index}`)}`
    })
    return sql`select ${sql.join(sums)} from ${tableOf(scope, 'ai_usage')}
      where account_id = ${account} and status <> 'released'`
  }

  return {
    getSettings: async () =>
      readRow(scope, settings, builder.selectFrom('ai_settings').selectAll().where('account_id', '=', account)),
    putSettings: async (row) => putVersion(scope, 'ai_settings', settings, row),
    listModelOverrides: async () =>
      readRows(
        scope,
        models,
        builder.selectFrom('ai_models').selectAll().where('account_id', '=', account).orderBy('id'),
      ),
    async putModelOverride(model) {
      const row = models.encode(accountId, model)
      await session.write((connection) => upsertRow(scope, 'ai_models', models, row, connection))
    },
    async removeModelOverride(modelId) {
      const removal = builder
        .deleteFrom('ai_models')
        .where('account_id', '=', account)
        .where('id', '=', encodeText(modelId))
        .compile()
      await session.write((connection) => connection.run(removal))
    },
    async reserveUsage(usage, windows) {
      const row = usages.encode(accountId, usage)
      const summing = windows.length === 0 ? undefined : sumWindows(usage, windows)
      const limits = windows.map((window) => ({ ...window }))
      return session.write(async (connection) => {
        const sums = summing === undefined ? undefined : (await runSql(scope, connection, summing)).rows[0]
        const full = limits.findIndex((_, index) => sums?.[`fits_${index}`] !== 't')
        const window = limits[full]
        if (window !== undefined) return { kind: 'full', window, used: sums?.[`used_${full}`] ?? '0' }
        const inserting = insertNew(scope, 'ai_usage', usages, [row])
        if ((await runSql(scope, connection, inserting)).affected === 0) throw alreadyThere(usages.label)
        return { kind: 'reserved' }
      })
    },
    async settleUsage(usage) {
      const row = usages.encode(accountId, usage)
      return session.write((connection) =>
        replaceRow(scope, 'ai_usage', usages, row, connection, sql`stored.status = 'reserved'`),
      )
    },
    getUsage: async (usageId) => readRow(scope, usages, allUsage.where('id', '=', encodeText(usageId))),
    async sumUsage(from, to) {
      const summing = sql`select provider, model, kind, certainty, count(*) as count,
          trim_scale(coalesce(sum(cost), 0)) as cost
        from ${tableOf(scope, 'ai_usage')} where account_id = ${account} and status <> 'released'
          and created_at >= ${encodeInstant(from)} and created_at < ${encodeInstant(to)}
        group by provider, model, kind, certainty`
      const { rows } = await session.read((connection) => runSql(scope, connection, summing))
      return rows.map((row): UsageSum => {
        const textOf = (name: string) => decodeText(row[name] ?? '')
        return {
          provider: textOf('provider'),
          model: textOf('model'),
          kind: textOf('kind') as UsageSum['kind'],
          certainty: textOf('certainty') as UsageSum['certainty'],
          count: Number(row.count),
          cost: textOf('cost'),
        }
      })
    },
    listUsage: async ({ since, ...page }) => {
      const query = since === undefined ? allUsage : allUsage.where('created_at', '>=', encodeInstant(since))
      return readPage(scope, { query, page, order: newestFirst, decode: usages.decode })
    },
  }
}

const newestFirst: Order<AiUsage> = {
  name: 'usage',
  columns: [byInstant('created_at', (row) => row.createdAt), byText('id', (row) => row.id)],
  direction: 'desc',
}

import type { PublicationQueueStore, PublishingSettingsStore, QueueEntry } from '@igny8/core'
import { sql } from 'kysely'
import type { AccountScope } from './account-scope.ts'
import { encodeInstant } from './column-codecs.ts'
import { byInstant, byInteger, byText, type Order } from './page-of.ts'
import { readNamed, readPage, readRow } from './read-rows.ts'
import { tables } from './tables.ts'
import { encodeText } from './text-codec.ts'
import { compareAndSet, insertNew, putVersion, runSql } from './write-rows.ts'

const settings = tables.publishing_settings
const entries = tables.queue_entries
const wakes = tables.publishing_wakes

export function createPublishingSettingsStore(scope: AccountScope): PublishingSettingsStore {
  const ofSite = (siteId: string) =>
    scope.builder
      .selectFrom('publishing_settings')
      .selectAll()
      .where('account_id', '=', scope.account)
      .where('site_id', '=', encodeText(siteId))
  return {
    get: async (siteId) => readRow(scope, settings, ofSite(siteId)),
    async getOrCreate(defaults) {
      const row = settings.encode(scope.accountId, defaults)
      const reading = ofSite(defaults.siteId).compile()
      return scope.session.write(async (connection) => {
        const inserting = insertNew(scope, 'publishing_settings', settings, [row])
        const created = (await runSql(scope, connection, inserting)).affected === 1
        const [stored] = (await connection.run(reading)).rows
        return { settings: stored === undefined ? defaults : settings.decode(stored), created }
      })
    },
    update: async (row, expectedVersion) => compareAndSet(scope, 'publishing_settings', settings, row, expectedVersion),
  }
}

export function createPublicationQueueStore(scope: AccountScope): PublicationQueueStore {
  const all = scope.builder.selectFrom('queue_entries').selectAll().where('account_id', '=', scope.account)
  const ofSite = (siteId: string) =>
    scope.builder
      .selectFrom('publishing_wakes')
      .selectAll()
      .where('account_id', '=', scope.account)
      .where('site_id', '=', encodeText(siteId))
  return {
    get: async (contentId) => readRow(scope, entries, all.where('content_id', '=', encodeText(contentId))),
    getMany: async (contentIds) => readNamed(scope, entries, all, 'content_id', contentIds),
    list: async ({ siteId, ...page }) => {
      const query = all.where('site_id', '=', encodeText(siteId))
      return readPage(scope, { query, page, order: byPriority, decode: entries.decode })
    },
    put: async (entry) => putVersion(scope, 'queue_entries', entries, entry),
    async remove(contentId) {
      const removal = scope.builder
        .deleteFrom('queue_entries')
        .where('account_id', '=', scope.account)
        .where('content_id', '=', encodeText(contentId))
        .compile()
      await scope.session.write((connection) => connection.run(removal))
    },
    readWake: async (siteId) => (await readRow(scope, wakes, ofSite(siteId)))?.version ?? 0,
    async sleep(siteId, wake, until) {
      const sleeping = scope.builder
        .updateTable('publishing_wakes')
        .set({ due_at: encodeInstant(until) })
        .where('account_id', '=', scope.account)
        .where('site_id', '=', encodeText(siteId))
        .where('version', '=', String(wake))
        .compile()
      return scope.session.write(async (connection) => (await connection.run(sleeping)).affected === 1)
    },
  }
}

const byPriority: Order<QueueEntry> = {
  name: 'queue',
  columns: [
    byInteger(sql`(-priority)`, (row) => 0 - row.priority),
    byInstant('approved_at', (row) => row.approvedAt),
    byText('content_id', (row) => row.contentId),
  ],
}

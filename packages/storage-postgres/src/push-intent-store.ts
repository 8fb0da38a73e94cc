import type { PushIntentStore } from '@igny8/core'
import type { AccountScope } from './account-scope.ts'
import { checkLimit } from './page-of.ts'
import { isOneOf, readNamed, readRow, readRows } from './read-rows.ts'
import { putVersions } from './replace-rows.ts'
import { tables } from './tables.ts'
import { encodeText } from './text-codec.ts'
import { putVersion } from './write-rows.ts'

const table = tables.push_intents

export function createPushIntentStore(scope: AccountScope): PushIntentStore {
  const all = scope.builder.selectFrom('push_intents').selectAll().where('account_id', '=', scope.account)
  const ofIntegration = (integrationId: string) => all.where('integration_id', '=', encodeText(integrationId))

  async function removeAll(integrationId: string, contentIds: readonly string[]): Promise<void> {
    const removal = scope.builder
      .deleteFrom('push_intents')
      .where('account_id', '=', scope.account)
      .where('integration_id', '=', encodeText(integrationId))
      .where(isOneOf('content_id', contentIds))
      .compile()
    await scope.session.write((connection) => connection.run(removal))
  }

  return {
    find: async (integrationId, contentId) =>
      readRow(scope, table, ofIntegration(integrationId).where('content_id', '=', encodeText(contentId))),
    findMany: async (integrationId, contentIds) =>
      readNamed(scope, table, ofIntegration(integrationId), 'content_id', contentIds),
    findByMarker: async (integrationId, marker) =>
      readRow(scope, table, ofIntegration(integrationId).where('marker', '=', encodeText(marker)).limit(1)),
    async listOfIntegration(integrationId, limit) {
      checkLimit(limit)
      const oldest = ofIntegration(integrationId).orderBy('created_at').orderBy('content_id')
      return readRows(scope, table, oldest.limit(limit))
    },
    put: async (intent) => putVersion(scope, 'push_intents', table, intent),
    putMany: async (intents) => putVersions(scope, 'push_intents', table, intents),
    remove: async (integrationId, contentId) => removeAll(integrationId, [contentId]),
    removeMany: async (integrationId, contentIds) => removeAll(integrationId, contentIds),
  }
}

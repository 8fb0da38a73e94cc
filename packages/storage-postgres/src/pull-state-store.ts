import type { PullStateStore } from '@igny8/core'
import type { AccountScope } from './account-scope.ts'
import { readRow, readRows } from './read-rows.ts'
import { tables } from './tables.ts'
import { encodeText } from './text-codec.ts'
import { putVersion } from './write-rows.ts'

const table = tables.pull_states

export function createPullStateStore(scope: AccountScope): PullStateStore {
  const all = scope.builder.selectFrom('pull_states').selectAll().where('account_id', '=', scope.account)
  const ofIntegration = (integrationId: string) => all.where('integration_id', '=', encodeText(integrationId))
  return {
    list: async (integrationId) => readRows(scope, table, ofIntegration(integrationId).orderBy('scope')),
    get: async (integrationId, name) =>
      readRow(scope, table, ofIntegration(integrationId).where('scope', '=', encodeText(name))),
    put: async (state) => putVersion(scope, 'pull_states', table, state),
    async removeOfIntegration(integrationId) {
      const removal = scope.builder
        .deleteFrom('pull_states')
        .where('account_id', '=', scope.account)
        .where('integration_id', '=', encodeText(integrationId))
        .compile()
      await scope.session.write((connection) => connection.run(removal))
    },
  }
}

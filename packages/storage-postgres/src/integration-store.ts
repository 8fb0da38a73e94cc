import { Igny8Error, type IntegrationFilter, type IntegrationStore, type StoredIntegration } from '@igny8/core'
import type { AccountScope } from './account-scope.ts'
import { byInstant, byText, type Order } from './page-of.ts'
import { readCount, readPage, readRow, rowCount } from './read-rows.ts'
import { tables } from './tables.ts'
import { encodeText } from './text-codec.ts'
import { insertRows, replaceUnlessTaken } from './write-rows.ts'

const table = tables.integrations

export function createIntegrationStore(scope: AccountScope): IntegrationStore {
  const from = scope.builder.selectFrom('integrations').where('account_id', '=', scope.account)
  const all = from.selectAll()
  const byUrl = ({ platform, externalSiteUrl }: Pick<StoredIntegration, 'platform' | 'externalSiteUrl'>) =>
    all.where('platform', '=', encodeText(platform)).where('external_site_url', '=', encodeText(externalSiteUrl))

  function matching({ siteId, platform, includeRemoved }: IntegrationFilter) {
    let query = from
    if (siteId !== undefined) query = query.where('site_id', '=', encodeText(siteId))
    if (platform !== undefined) query = query.where('platform', '=', encodeText(platform))
    return includeRemoved === true ? query : query.where('removed_at', 'is', null)
  }

  return {
    get: async (integrationId) => readRow(scope, table, all.where('id', '=', encodeText(integrationId))),
    findByUrl: async (platform, externalSiteUrl) => readRow(scope, table, byUrl({ platform, externalSiteUrl })),
    list: async (page) =>
      readPage(scope, { query: matching(page).selectAll(), page, order: oldestFirst, decode: table.decode }),
    count: async (filter) => readCount(scope, matching(filter).select(rowCount)),
    async insert(integration) {
      const holder = byUrl(integration).where('id', '<>', encodeText(integration.id)).compile()
      const same = all.where('id', '=', encodeText(integration.id)).compile()
      const { externalSiteUrl, platform } = integration
      await insertRows(scope, 'integrations', table, [integration], async (connection) => {
        const isSame = (await connection.run(same)).rows.length > 0
        const isHeld = (await connection.run(holder)).rows.length > 0
        return isHeld && !isSame ? siteAlreadyConnected(platform, externalSiteUrl) : undefined
      })
    },
    update: async (integration, expectedVersion) => {
      const { platform, externalSiteUrl } = integration
      return replaceUnlessTaken(scope, 'integrations', table, integration, expectedVersion, {
        holder: byUrl(integration).where('id', '<>', encodeText(integration.id)),
        taken: () => siteAlreadyConnected(platform, externalSiteUrl),
      })
    },
  }
}

const oldestFirst: Order<StoredIntegration> = {
  name: 'integrations',
  columns: [byInstant('created_at', (row) => row.createdAt), byText('id', (row) => row.id)],
}

function siteAlreadyConnected(platform: string, url: string): Igny8Error {
  return new Igny8Error({
    code: 'SITE_ALREADY_CONNECTED',
    message: `This account has ${url} on ${platform} already.`,
    hint: 'Use the integration that stands, or reconnect it.',
  })
}

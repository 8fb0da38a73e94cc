import type { EnvelopeReference, StoredAiSettings, StoredIntegration, StoredSite, SystemStorage } from '@igny8/core'
import { sql } from 'kysely'
import { type AccountScope, createNestedSession } from './account-scope.ts'
import { createAiStore } from './ai-store.ts'
import { createIntegrationStore } from './integration-store.ts'
import { byText, checkLimit, readCursor, writeCursor } from './page-of.ts'
import { createSiteStore } from './site-store.ts'
import type { SqlRow } from './sql-database.ts'
import type { SystemScope } from './system-storage.ts'
import { ownerOf } from './table.ts'
import { tables } from './tables.ts'
import { decodeText, encodeText } from './text-codec.ts'

const columns = ['accountId', 'row', 'field'].map((name) => byText<EnvelopeReference>(name, () => ''))

/** Encrypted fields of all accounts, by account, row and field. */
export async function listEnvelopes(
  { builder, database }: SystemScope,
  { limit, cursor }: Parameters<SystemStorage['listEnvelopes']>[0],
): ReturnType<SystemStorage['listEnvelopes']> {
  checkLimit(limit, 500)
  const after = cursor === undefined ? undefined : readCursor(cursor, { name: 'envelopes', columns })
  const none = sql<string | null>`null::text`
  const noJson = sql<string | null>`null::json`
  const holders = builder
    .selectFrom('sites')
    .select(['account_id', 'id as row', 'wp_api_key', none.as('credentials'), noJson.as('webhook_secrets')])
    .select(noJson.as('api_keys'))
    .where('wp_api_key', 'is not', null)
    .unionAll(
      builder
        .selectFrom('integrations')
        .select(['account_id', 'id as row', none.as('wp_api_key'), 'credentials', 'webhook_secrets'])
        .select(noJson.as('api_keys'))
        .where(sql<boolean>`(credentials is not null or webhook_secrets::text <> '[]')`),
    )
    .unionAll(
      builder
        .selectFrom('ai_settings')
        .select(['account_id', 'account_id as row', none.as('wp_api_key'), none.as('credentials')])
        .select([noJson.as('webhook_secrets'), 'api_keys'])
        .where(sql<boolean>`api_keys::text <> '{}'`),
    )
  let found = builder.selectFrom(holders.as('holder')).selectAll()
  if (after !== undefined) found = found.where(sql<boolean>`(account_id, row) >= (${after[0]}, ${after[1]})`)
  // Every holder has one field at least, but for those at which the last page ended: three at most share a place.
  const query = found
    .orderBy('account_id')
    .orderBy('row')
    .limit(limit + 4)
    .compile()
  const { rows } = await database.repeatable((connection) => connection.run(query))
  const fields = sortWithinRows(rows.flatMap(fieldsOf)).filter(
    ({ accountId, row, field }) =>
      after === undefined ||
      encodeText(accountId) !== after[0] ||
      encodeText(row) !== after[1] ||
      encodeText(field) > (after[2] ?? ''),
  )
  const items = fields.slice(0, limit)
  const last = fields.length > limit ? items.at(-1) : undefined
  const nextCursor = last === undefined ? null : writeCursor('envelopes', [last.accountId, last.row, last.field])
  return { items, nextCursor }
}

/** Replaces the envelope if it is still the one named. Returns whether it did. */
export async function replaceEnvelope(
  { builder, schema, database, lockOf }: SystemScope,
  { accountId, row, field, envelope }: EnvelopeReference,
  next: string,
): Promise<boolean> {
  return database.transaction({ lock: lockOf(accountId) }, async (connection) => {
    const session = createNestedSession(connection, () => undefined)
    const scope: AccountScope = { accountId, account: encodeText(accountId), builder, schema, session }
    const [kind = '', name = ''] = splitField(field)
    if (kind === 'wpApiKey') {
      const sites = createSiteStore(scope)
      const site = await sites.get(row)
      if (site === undefined || site.wpApiKey !== envelope) return false
      return sites.update({ ...site, wpApiKey: next, version: site.version + 1 }, site.version)
    }
    if (kind === 'apiKeys') {
      const ai = createAiStore(scope)
      const settings = row === accountId ? await ai.getSettings() : undefined
      if (settings === undefined || !hasKey(settings, name, envelope)) return false
      const apiKeys = { ...settings.apiKeys, [name]: next }
      return ai.putSettings({ ...settings, apiKeys, version: settings.version + 1 })
    }
    const integrations = createIntegrationStore(scope)
    const integration = await integrations.get(row)
    const change = integration && changeIntegration(integration, kind, name, envelope, next)
    if (integration === undefined || change === undefined) return false
    return integrations.update({ ...integration, ...change, version: integration.version + 1 }, integration.version)
  })
}

function changeIntegration(
  { credentials, webhookSecrets }: StoredIntegration,
  kind: string,
  name: string,
  envelope: string,
  next: string,
): Partial<StoredIntegration> | undefined {
  if (kind === 'credentials') return credentials === envelope ? { credentials: next } : undefined
  if (kind !== 'webhookSecrets') return undefined
  const index = webhookSecrets.findIndex((secret) => secret.id === name && secret.envelope === envelope)
  const secret = webhookSecrets[index]
  return secret && { webhookSecrets: webhookSecrets.with(index, { ...secret, envelope: next }) }
}

/** `webhookSecrets.<id>` in its two parts; ids may hold dots. */
function splitField(field: string): readonly string[] {
  const at = field.indexOf('.')
  return at === -1 ? [field] : [field.slice(0, at), field.slice(at + 1)]
}

const hasKey = ({ apiKeys }: StoredAiSettings, name: string, envelope: string): boolean =>
  Object.hasOwn(apiKeys, name) && apiKeys[name] === envelope

const isSet = (envelope: string | null | undefined): envelope is string => typeof envelope === 'string'

function fieldsOf(stored: SqlRow): EnvelopeReference[] {
  const place = { accountId: ownerOf(stored), row: decodeText(stored.row ?? '') }
  const site = tables.sites.decode(stored) as Partial<StoredSite>
  const { credentials, webhookSecrets } = tables.integrations.decode(stored) as Partial<StoredIntegration>
  const { apiKeys } = tables.ai_settings.decode(stored) as Partial<StoredAiSettings>
  return [
    ...(isSet(site.wpApiKey) ? [{ ...place, field: 'wpApiKey', envelope: site.wpApiKey }] : []),
    ...(isSet(credentials) ? [{ ...place, field: 'credentials', envelope: credentials }] : []),
    ...(webhookSecrets ?? []).map(({ id, envelope }) => ({ ...place, field: `webhookSecrets.${id}`, envelope })),
    ...Object.entries(apiKeys ?? {}).map(([name, envelope]) => ({ ...place, field: `apiKeys.${name}`, envelope })),
  ]
}

/** The database has sorted by account and row; what is left are the fields of one row. */
function sortWithinRows(fields: readonly EnvelopeReference[]): EnvelopeReference[] {
  const order = new Map<string, number>()
  const placeOf = ({ accountId, row }: EnvelopeReference) => JSON.stringify([accountId, row])
  for (const field of fields) if (!order.has(placeOf(field))) order.set(placeOf(field), order.size)
  return fields.toSorted(
    (left, right) =>
      (order.get(placeOf(left)) ?? 0) - (order.get(placeOf(right)) ?? 0) ||
      (encodeText(left.field) < encodeText(right.field) ? -1 : 1),
  )
}

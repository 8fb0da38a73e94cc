import { Igny8Error } from '../errors/igny8-error.ts'
import type { ContentTypeInfo } from '../model/site-structure.ts'
import type { PlatformPull } from '../ports/platform-pull.ts'
import { pullContent } from './pull-content.ts'
import { pullTerms } from './pull-terms.ts'
import type { SyncContext } from './sync-context.ts'

/** Brings the site here: taxonomies, then each content type. Every read asks for what only a known user may see, so none is answered as to a stranger. */
export async function pullIntegration(given: SyncContext): Promise<void> {
  const { pull } = given.client
  if (pull === undefined) {
    throw new Igny8Error({
      code: 'UNSUPPORTED',
      message: `The platform "${given.integration.platform}" cannot be read.`,
      hint: 'Push only to this site.',
    })
  }
  const sync = await followTimezone(given, pull)
  const types = syncedTypes(sync)
  await sync.progress.phase('taxonomies', null)
  const applicable = new Set(types.flatMap((type) => type.taxonomies))
  const taxonomies = sync.structure.taxonomies.filter(({ type }) => applicable.has(type))
  await pullTerms(
    sync,
    taxonomies.map(({ type }) => type),
  )
  for (const { type } of types) await pullContent(sync, pull, type)
}

function syncedTypes(sync: SyncContext): readonly ContentTypeInfo[] {
  const wanted = sync.integration.config.syncedTypes
  return wanted === null
    ? sync.structure.contentTypes
    : sync.structure.contentTypes.filter((type) => wanted.includes(type.type))
}

/** A changed zone of the site hides recent edits: it is noticed here, and the marks are rewound where they are used. */
async function followTimezone(sync: SyncContext, pull: PlatformPull): Promise<SyncContext> {
  const timezone = await pull.readTimezone?.({ signal: sync.signal })
  if (timezone === undefined || timezone === sync.structure.timezone) return sync
  const structure = { ...sync.structure, timezone }
  const { account, integration } = sync
  await account.storage.transaction(async (stores) => {
    const now = account.clock.now()
    const current = await stores.integrations.get(integration.id)
    const site = await stores.sites.get(integration.siteId)
    if (current === undefined || site === undefined) return
    const config = { ...current.config, structure }
    await stores.integrations.update(
      { ...current, config, version: current.version + 1, updatedAt: now },
      current.version,
    )
    await stores.sites.update({ ...site, timezone, version: site.version + 1, updatedAt: now }, site.version)
  })
  return { ...sync, structure }
}

import { Igny8Error } from '../errors/igny8-error.ts'
import type { ContentTypeInfo } from '../model/site-structure.ts'
import { pullContent } from './pull-content.ts'
import { pullTaxonomies } from './pull-taxonomies.ts'
import type { SyncContext } from './sync-context.ts'

/** Brings the site here: taxonomies, then each content type. Every read asks for what only a known user may see, so none is answered as to a stranger. */
export async function pullIntegration(sync: SyncContext): Promise<void> {
  const { client, progress } = sync
  if (client.pull === undefined) {
    throw new Igny8Error({
      code: 'UNSUPPORTED',
      message: `The platform "${sync.integration.platform}" cannot be read.`,
      hint: 'Push only to this site.',
    })
  }
  const types = syncedTypes(sync)
  await progress.phase('taxonomies', null)
  const applicable = new Set(types.flatMap((type) => type.taxonomies))
  await pullTaxonomies(
    sync,
    sync.structure.taxonomies.map((taxonomy) => taxonomy.type).filter((type) => applicable.has(type)),
  )
  for (const { type } of types) await pullContent(sync, client.pull, type)
}

function syncedTypes(sync: SyncContext): readonly ContentTypeInfo[] {
  const wanted = sync.integration.config.syncedTypes
  return wanted === null
    ? sync.structure.contentTypes
    : sync.structure.contentTypes.filter((type) => wanted.includes(type.type))
}

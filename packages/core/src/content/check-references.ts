import { Igny8Error } from '../errors/igny8-error.ts'
import type { ContentFields } from '../model/content.ts'
import type { AccountStores } from '../ports/storage.ts'

/** Throws `INVALID_INPUT` unless every term and image that the fields name exists on the same site. */
export async function checkReferences(
  stores: AccountStores,
  siteId: string,
  fields: Partial<Pick<ContentFields, 'taxonomyIds' | 'featuredImageId'>>,
): Promise<void> {
  const wanted = fields.taxonomyIds ?? []
  if (wanted.length > 0) {
    const found = await stores.taxonomies.getMany(wanted)
    const usable = new Set(
      found.filter((term) => term.siteId === siteId && term.removedAt === null).map((term) => term.id),
    )
    const missing = wanted.find((taxonomyId) => !usable.has(taxonomyId))
    if (missing !== undefined) throw unknownReference('taxonomyIds', missing)
  }
  if (fields.featuredImageId != null) {
    const image = await stores.images.get(fields.featuredImageId)
    if (image?.siteId !== siteId) throw unknownReference('featuredImageId', fields.featuredImageId)
  }
}

function unknownReference(field: string, id: string): Igny8Error {
  return new Igny8Error({
    code: 'INVALID_INPUT',
    message: `${field}: names something that this site does not have.`,
    hint: 'Use an id from the same site, or create it first.',
    details: { field, id },
  })
}

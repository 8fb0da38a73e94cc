import * as z from 'zod'
import { id, taxonomy } from './model-schemas.ts'
import { editOperations, listOperation, operation } from './operation.ts'

const tag = 'Taxonomies'

const fields = {
  name: z.string().min(1).max(200),
  slug: z.string().min(1).max(200).nullable().optional(),
  description: z.string().max(20_000).optional(),
  parentId: id.nullable().optional(),
}

const versionOf = ({ version }: { readonly version: number }) => version

/** Categories, tags and custom terms. */
export const taxonomyOperations = [
  listOperation({
    id: 'listTaxonomies',
    path: 'taxonomies/',
    summary: 'List terms by name',
    tag,
    query: z.strictObject({
      siteId: id.optional(),
      type: z.string().min(1).max(64).optional(),
      includeRemoved: z.boolean().optional(),
    }),
    item: taxonomy,
    handle: ({ account, query, page }) => account.taxonomies.list({ ...query, ...page }),
  }),
  operation({
    id: 'createTaxonomy',
    method: 'POST',
    path: 'taxonomies/',
    summary: 'Create a term, or get the one of this name that stands',
    tag,
    status: 201,
    idempotent: true,
    body: z.strictObject({ siteId: id, type: z.string().min(1).max(64), ...fields }),
    answer: taxonomy,
    versionOf,
    locationOf: (made) => `taxonomies/${made.id}/`,
    handle: ({ account, body }) => account.taxonomies.create(body),
  }),
  operation({
    id: 'getTaxonomy',
    method: 'GET',
    path: 'taxonomies/{taxonomyId}/',
    summary: 'Get a term',
    tag,
    answer: taxonomy,
    versionOf,
    handle: ({ account, path }) => account.taxonomies.get(path.taxonomyId),
  }),
  ...editOperations({
    name: 'Taxonomy',
    path: 'taxonomies/{taxonomyId}/',
    summary: 'Edit; what is not named stays',
    tag,
    body: z.strictObject({ version: z.int().min(1).optional(), ...fields, name: fields.name.optional() }),
    answer: taxonomy,
    precondition: {
      version: 'required',
      current: async ({ account, path }) => (await account.taxonomies.get(path.taxonomyId)).version,
    },
    versionOf,
    handle: ({ account, path, version = 0, body: { version: _, ...changes } }) =>
      account.taxonomies.update({ taxonomyId: path.taxonomyId, version, changes }),
  }),
  operation({
    id: 'removeTaxonomy',
    method: 'DELETE',
    path: 'taxonomies/{taxonomyId}/',
    summary: 'Remove a term here',
    tag,
    handle: async ({ account, path }) => void (await account.taxonomies.remove(path.taxonomyId)),
  }),
]

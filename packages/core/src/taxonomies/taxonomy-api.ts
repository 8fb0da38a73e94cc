import * as z from 'zod'
import { Igny8Error } from '../errors/igny8-error.ts'
import type { InputOf } from '../errors/input-of.ts'
import { notFound, versionConflict } from '../errors/not-found.ts'
import { parseInput } from '../errors/parse-input.ts'
import type { ContentTaxonomy } from '../model/content-taxonomy.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { Page } from '../ports/page.ts'
import type { AccountStores } from '../ports/storage.ts'

const id = z.string().min(1).max(255)
const fields = {
  name: z.string().trim().min(1).max(200),
  slug: z.string().min(1).max(200).nullable(),
  description: z.string().max(20_000),
  parentId: id.nullable(),
}
const createSchema = z.strictObject({
  siteId: id,
  type: z.string().min(1).max(64),
  name: fields.name,
  slug: fields.slug.default(null),
  description: fields.description.default(''),
  parentId: fields.parentId.default(null),
})
const updateSchema = z.strictObject({
  taxonomyId: id,
  version: z.int().min(1),
  changes: z.strictObject(fields).partial(),
})
const listSchema = z.strictObject({
  siteId: id.optional(),
  type: z.string().min(1).max(64).optional(),
  includeRemoved: z.boolean().optional(),
  limit: z.int().min(1).max(500).default(100),
  cursor: z.string().max(2_000).optional(),
})

/** A new term: site, type and name; the type is a taxonomy of the site, such as `category` or `tag`. */
export type CreateTaxonomyInput = InputOf<typeof createSchema>
/** Changes to a term, based on the version given. Fields that are left out stay as they are. */
export type UpdateTaxonomyInput = InputOf<typeof updateSchema>
/** Filters and page of a list of terms. @default 100 a page */
export type ListTaxonomiesInput = InputOf<typeof listSchema>

/** Deeper trees than this are refused: no site has them, a loop would. */
const maxDepth = 50

/** Categories, tags and custom terms of one account. */
export interface TaxonomyApi {
  /**
   * A term of this name that stands under this parent already, whatever its case, is returned as it is: sites keep no two, and two here would be one there. Throws `INVALID_INPUT`
   * where the parent is of another site or type.
   */
  create(input: CreateTaxonomyInput): Promise<ContentTaxonomy>
  get(taxonomyId: string): Promise<ContentTaxonomy>
  /** By name. */
  list(input?: ListTaxonomiesInput): Promise<Page<ContentTaxonomy> & { readonly count: number }>
  /** Throws `VERSION_CONFLICT`, and `INVALID_INPUT` where the parent would close a loop. */
  update(input: UpdateTaxonomyInput): Promise<ContentTaxonomy>
  /** Leaves a tombstone. Idempotent. */
  remove(taxonomyId: string): Promise<ContentTaxonomy>
}

export function createTaxonomyApi(context: AccountContext): TaxonomyApi {
  const { storage, clock } = context

  async function change(
    taxonomyId: string,
    version: number | undefined,
    decide: (row: ContentTaxonomy, now: Date) => ContentTaxonomy,
  ) {
    return storage.transaction(async (stores) => {
      const row = await stores.taxonomies.get(parseInput(id, taxonomyId))
      if (row === undefined) throw notFound('taxonomy', taxonomyId)
      if (version !== undefined && row.version !== version) throw versionConflict('taxonomy', row.id)
      const next = decide(row, clock.now())
      if (next === row) return row
      await checkParent(stores, next)
      if (!(await stores.taxonomies.update(next, row.version))) throw versionConflict('taxonomy', row.id)
      return next
    })
  }

  return {
    async create(input) {
      const given = parseInput(createSchema, input)
      const now = clock.now()
      const row: ContentTaxonomy = {
        ...given,
        id: context.newId(),
        accountId: context.accountId,
        removedAt: null,
        version: 1,
        createdAt: now,
        updatedAt: now,
      }
      return storage.transaction(async (stores) => {
        if ((await stores.sites.get(given.siteId)) === undefined) throw notFound('site', given.siteId)
        const standing = await findTwin(stores, row)
        if (standing !== undefined) return standing
        await checkParent(stores, row)
        await stores.taxonomies.insert([row])
        return row
      })
    },
    async get(taxonomyId) {
      const row = await storage.taxonomies.get(parseInput(id, taxonomyId))
      if (row === undefined) throw notFound('taxonomy', taxonomyId)
      return row
    },
    async list(input = {}) {
      const query = parseInput(listSchema, input)
      const [page, count] = await Promise.all([storage.taxonomies.list(query), storage.taxonomies.count(query)])
      return { ...page, count }
    },
    async update(input) {
      const { taxonomyId, version, changes } = parseInput(updateSchema, input)
      const edit = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
      return change(taxonomyId, version, (row, now) => ({ ...row, ...edit, version: row.version + 1, updatedAt: now }))
    },
    remove: (taxonomyId) =>
      change(taxonomyId, undefined, (row, now) =>
        row.removedAt === null ? { ...row, removedAt: now, version: row.version + 1, updatedAt: now } : row,
      ),
  }
}

async function findTwin(stores: AccountStores, row: ContentTaxonomy): Promise<ContentTaxonomy | undefined> {
  const { siteId, type, name, parentId } = row
  const { items } = await stores.taxonomies.list({ siteId, type, name, limit: 500 })
  return items.find((candidate) => candidate.parentId === parentId)
}

/** Walks up from the row; throws where an ancestor is missing, of another site or type, or the row itself. */
async function checkParent(stores: AccountStores, row: ContentTaxonomy): Promise<void> {
  let parentId = row.parentId
  for (let depth = 0; parentId !== null; depth++) {
    const parent: ContentTaxonomy | undefined = await stores.taxonomies.get(parentId)
    const fits = parent !== undefined && parent.siteId === row.siteId && parent.type === row.type
    if (!fits || parent.id === row.id || depth === maxDepth) {
      throw new Igny8Error({
        code: 'INVALID_INPUT',
        message: fits ? 'parentId: would close a loop.' : 'parentId: is not a term of the same site and type.',
        hint: 'Choose a parent of the same site and type that is not below this term.',
        details: { field: 'parentId' },
      })
    }
    parentId = parent.parentId
  }
}

import type { CallOptions, ContentTypeInfo, SiteStructure, TaxonomyInfo } from '@igny8/core'
import { Igny8Error } from '@igny8/core/adapter-kit'
import { readTypes } from './read-types.ts'
import { shareRun } from './share-run.ts'
import type { WordPressRest } from './wordpress-client.ts'

/** Where a taxonomy lives. `field` is its name inside posts. */
export interface TaxonomyRoute {
  readonly type: string
  readonly resource: string
  readonly field: string
  readonly hierarchical: boolean
}

/** Where a content type lives, and what its items carry. */
export interface TypeRoute {
  readonly type: string
  readonly resource: string
  readonly taxonomies: readonly TaxonomyRoute[]
  readonly supportsFeaturedImage: boolean
}

/** Routes and statuses of a site: from the structure that core keeps, else read once and again where something is missing. */
export interface SiteCatalogue {
  /** Throws `REMOTE_NOT_FOUND` for a type that the site does not have. */
  type(type: string, options?: CallOptions): Promise<TypeRoute>
  /** Throws `REMOTE_NOT_FOUND` for a taxonomy that the site does not have. */
  taxonomy(type: string, options?: CallOptions): Promise<TaxonomyRoute>
  /** All statuses but trash. */
  statuses(options?: CallOptions): Promise<readonly string[]>
  /** Forgets what is known, for instance when WordPress refuses a status that was there before. */
  refresh(): void
}

type Known = Pick<SiteStructure, 'contentTypes' | 'taxonomies' | 'statuses'>

export function createSiteCatalogue(rest: WordPressRest, structure: SiteStructure | null): SiteCatalogue {
  let kept: Known | null = structure
  const read = shareRun(async (options?: CallOptions): Promise<Known> => {
    const known = await readTypes(rest, options)
    kept = known
    return known
  })

  async function find<Found>(
    options: CallOptions | undefined,
    pick: (known: Known) => Found | undefined,
  ): Promise<Found | undefined> {
    const before = kept
    const found = pick(before ?? (await read(options)))
    return found !== undefined || before === null ? found : pick(await read(options))
  }

  return {
    async type(type, options) {
      const found = await find(options, (known) => {
        const info = known.contentTypes.find((candidate) => candidate.type === type)
        return info === undefined ? undefined : mapInfoToRoute(info, known.taxonomies)
      })
      if (found === undefined) throw missing('content type', type)
      return found
    },
    async taxonomy(type, options) {
      const found = await find(options, (known) => known.taxonomies.find((candidate) => candidate.type === type))
      if (found === undefined) throw missing('taxonomy', type)
      return mapTaxonomyToRoute(found)
    },
    statuses: async (options) => (kept ?? (await read(options))).statuses,
    refresh: () => {
      kept = null
    },
  }
}

function mapInfoToRoute(info: ContentTypeInfo, taxonomies: readonly TaxonomyInfo[]): TypeRoute {
  const { type, resource, supportsFeaturedImage } = info
  const applying = taxonomies.filter((taxonomy) => info.taxonomies.includes(taxonomy.type))
  return { type, resource, supportsFeaturedImage, taxonomies: applying.map(mapTaxonomyToRoute) }
}

function mapTaxonomyToRoute({ type, resource, hierarchical }: TaxonomyInfo): TaxonomyRoute {
  return { type, resource, hierarchical, field: resource.slice(resource.lastIndexOf('/') + 1) }
}

function missing(thing: string, type: string): Igny8Error {
  return new Igny8Error({
    code: 'REMOTE_NOT_FOUND',
    message: `The site has no ${thing} "${type.slice(0, 100)}" that this user may edit over the REST API.`,
    hint: 'A plugin that registered it may be switched off, may not show it in REST (show_in_rest), or the user lacks the right to edit it.',
    details: { type: type.slice(0, 100) },
  })
}

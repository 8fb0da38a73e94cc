import type { Content, ContentVersion } from '../model/content.ts'
import type { ContentTaxonomy } from '../model/content-taxonomy.ts'
import type { Image } from '../model/image.ts'
import { buildId, buildRowColumns } from './build-identity.ts'

/** Makes the `number`th content of the first site: a post in draft, written here. */
export function buildContent(overrides: Partial<Content> = {}, number = 1): Content {
  return {
    ...buildRowColumns(number),
    id: buildId('content', number),
    siteId: buildId('site'),
    type: 'post',
    title: `Content ${number}`,
    body: `<!-- wp:paragraph --><p>Body ${number}</p><!-- /wp:paragraph -->`,
    bodyFormat: 'blocks',
    excerpt: '',
    slug: null,
    taxonomyIds: [],
    featuredImageId: null,
    meta: {},
    status: 'draft',
    origin: 'local',
    pendingChanges: false,
    approvedHash: null,
    approvedAt: null,
    publishedAt: null,
    removedAt: null,
    ...overrides,
  }
}

/** Makes a past version of the first content. */
export function buildContentVersion(overrides: Partial<ContentVersion> = {}, number = 1): ContentVersion {
  const { accountId, createdAt } = buildRowColumns(number)
  return {
    accountId,
    contentId: buildId('content'),
    version: number,
    actor: 'user-1',
    createdAt,
    title: `Version ${number}`,
    body: `<!-- wp:paragraph --><p>Version ${number}</p><!-- /wp:paragraph -->`,
    bodyFormat: 'blocks',
    excerpt: '',
    slug: null,
    taxonomyIds: [],
    featuredImageId: null,
    meta: {},
    ...overrides,
  }
}

/** Makes the `number`th taxonomy of the first site: a category without a parent. */
export function buildTaxonomy(overrides: Partial<ContentTaxonomy> = {}, number = 1): ContentTaxonomy {
  return {
    ...buildRowColumns(number),
    id: buildId('taxonomy', number),
    siteId: buildId('site'),
    type: 'category',
    name: `Category ${number}`,
    slug: `category-${number}`,
    description: '',
    parentId: null,
    removedAt: null,
    ...overrides,
  }
}

/** Makes the `number`th image of the first site, whose bytes nobody has seen yet. */
export function buildImage(overrides: Partial<Image> = {}, number = 1): Image {
  return {
    ...buildRowColumns(number),
    id: buildId('image', number),
    siteId: buildId('site'),
    imageUrl: `https://images.example/${number}.png`,
    alt: `Image ${number}`,
    title: '',
    contentHash: null,
    mediaType: null,
    ...overrides,
  }
}

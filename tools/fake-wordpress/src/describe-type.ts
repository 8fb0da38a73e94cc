import type { ContentType } from './content-types.ts'
import { type FakeSite, isSince } from './fake-site.ts'

/** A content type as the route of the types gives it. */
export function describeType(site: FakeSite, type: ContentType, isEdit: boolean): Record<string, unknown> {
  return {
    ...(isEdit ? { capabilities: nameRights(type), supports: nameSupport(site, type), viewable: true } : {}),
    description: '',
    hierarchical: type.hierarchical,
    name: type.label,
    slug: type.name,
    taxonomies: type.taxonomies,
    rest_base: type.restBase,
    rest_namespace: 'wp/v2',
    template: [],
    template_lock: false,
  }
}

function nameSupport(site: FakeSite, type: ContentType): Record<string, unknown> {
  const hasNotes = isSince(site, '6.9') && (type.name === 'post' || type.name === 'page')
  const entries = type.supports.map((name) => [name, name === 'editor' && hasNotes ? [{ notes: true }] : true] as const)
  const hasAutosave = type.supports.includes('editor')
  return Object.fromEntries(hasAutosave ? [...entries, ['autosave', true] as const] : entries)
}

function nameRights(type: ContentType): Record<string, string> {
  const { rights } = type
  const single = rights === 'pages' ? 'page' : 'post'
  const create = type.name === 'attachment' ? 'upload_files' : `edit_${rights}`
  return {
    edit_post: `edit_${single}`,
    read_post: `read_${single}`,
    delete_post: `delete_${single}`,
    edit_posts: `edit_${rights}`,
    edit_others_posts: `edit_others_${rights}`,
    delete_posts: `delete_${rights}`,
    publish_posts: `publish_${rights}`,
    read_private_posts: `read_private_${rights}`,
    read: 'read',
    delete_private_posts: `delete_private_${rights}`,
    delete_published_posts: `delete_published_${rights}`,
    delete_others_posts: `delete_others_${rights}`,
    edit_private_posts: `edit_private_${rights}`,
    edit_published_posts: `edit_published_${rights}`,
    create_posts: create,
  }
}

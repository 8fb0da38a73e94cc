import { checkValue, isObject, readArgument } from './check-parameters.ts'
import type { ContentType, MetaKey } from './content-types.ts'
import { type FakeSite, isSince } from './fake-site.ts'
import { failWith } from './rest-answer.ts'
import { refusalStatus } from './route.ts'
import type { PostRow, UserRow } from './site-state.ts'

const blanks: Readonly<Record<MetaKey['type'], unknown>> = { string: '', integer: 0, number: 0, boolean: false }

/** Registered meta of a post; PHP writes an empty map as an empty list. */
export function readMeta(site: FakeSite, type: ContentType, post: PostRow): unknown {
  const keys = keysOf(site, type)
  if (keys.size === 0) return []
  return Object.fromEntries([...keys].map(([key, { type }]) => [key, post.meta[key] ?? blanks[type]]))
}

/** Writes registered meta; others are passed over. A value that does not fit is refused, after the rest of the post was saved. */
export function writeMeta(
  site: FakeSite,
  input: { readonly type: ContentType; readonly post: PostRow; readonly sent: unknown; readonly user: UserRow | null },
): PostRow {
  const { type, post, sent, user } = input
  if (!isObject(sent)) return post
  let meta = post.meta
  try {
    for (const [key, registered] of keysOf(site, type)) {
      const value = sent[key]
      if (value === undefined) continue
      if (registered.writable === false) throw forbidden(key, user)
      if (value === null) {
        const { [key]: _removed, ...rest } = meta
        meta = rest
        continue
      }
      const problem = checkValue(value, { type: registered.type === 'number' ? 'any' : registered.type }, `meta.${key}`)
      if (problem !== null) {
        const { code = 'rest_invalid_type', message } = problem
        const data = { param: `meta.${key}`, status: 400 }
        throw failWith({ status: 400, headers: {}, body: { code, message, data } })
      }
      meta = { ...meta, [key]: readArgument(value, { type: registered.type === 'number' ? 'any' : registered.type }) }
    }
  } finally {
    site.state.posts.set(post.id, { ...post, meta })
  }
  return { ...post, meta }
}

function forbidden(key: string, user: UserRow | null): Error {
  const status = refusalStatus(user)
  const message = `Sorry, you are not allowed to edit the ${key} custom field.`
  return failWith({ status, headers: {}, body: { code: 'rest_cannot_update', message, data: { key, status } } })
}

const footnotes: ReadonlyMap<string, MetaKey> = new Map([['footnotes', { type: 'string' }]])

function keysOf(site: FakeSite, type: ContentType): ReadonlyMap<string, MetaKey> {
  const registered = site.meta.get(type.name)
  const hasFootnotes = isSince(site, '6.3') && type.supports.includes('custom-fields')
  if (!hasFootnotes) return registered ?? new Map()
  return registered === undefined ? footnotes : new Map([...footnotes, ...registered])
}

import { type Argument, checkValue, isObject, readArgument } from './check-parameters.ts'
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

interface MetaProblem {
  readonly status: number
  readonly body: {
    readonly code: string
    readonly message: string
    readonly data: unknown
    readonly additional_data?: unknown
  }
}

/**
 * Writes registered meta; others are passed over. Keys that do not fit are refused together, after the rest of the post and the
 * keys that do fit were saved.
 */
export function writeMeta(
  site: FakeSite,
  input: { readonly type: ContentType; readonly post: PostRow; readonly sent: unknown; readonly user: UserRow | null },
): PostRow {
  const { type, post, sent, user } = input
  if (!isObject(sent)) return post
  let { meta } = post
  const problems: MetaProblem[] = []
  for (const [key, registered] of keysOf(site, type)) {
    const value = sent[key]
    if (value === undefined) continue
    const problem = findProblem({ key, registered, value, stored: meta[key], user })
    if (problem !== null) {
      problems.push(problem)
    } else if (value === null) {
      const { [key]: _removed, ...rest } = meta
      meta = rest
    } else {
      meta = { ...meta, [key]: readArgument(value, argumentOf(registered)) }
    }
  }
  const saved = { ...post, meta }
  site.state.posts.set(post.id, saved)
  const [first, ...others] = problems
  if (first === undefined) return saved
  const more = others.length === 0 ? {} : { additional_errors: others.map((problem) => problem.body) }
  throw failWith({ status: first.status, headers: {}, body: { ...first.body, ...more } })
}

interface MetaWrite {
  readonly key: string
  readonly registered: MetaKey
  readonly value: unknown
  readonly stored: unknown
  readonly user: UserRow | null
}

function findProblem({ key, registered, value, stored, user }: MetaWrite): MetaProblem | null {
  if (value === null) {
    // Where nothing is stored WordPress reads an empty text, which is no number.
    if (stored !== undefined || registered.type === 'string') return null
    const message = `The ${key} property has an invalid stored value, and cannot be updated to null.`
    return { status: 500, body: { code: 'rest_invalid_stored_value', message, data: { status: 500 } } }
  }
  const problem = checkValue(value, argumentOf(registered), `meta.${key}`)
  if (problem !== null) {
    const { code = 'rest_invalid_type', message, data } = problem
    const more = data === undefined ? {} : { additional_data: [data] }
    return { status: 400, body: { code, message, data: { status: 400 }, ...more } }
  }
  if (registered.writable !== false) return null
  const status = refusalStatus(user)
  const message = `Sorry, you are not allowed to edit the ${key} custom field.`
  return { status, body: { code: 'rest_cannot_update', message, data: { key, status } } }
}

function argumentOf({ type }: MetaKey): Argument {
  return { type: type === 'number' ? 'any' : type }
}

const footnotes: ReadonlyMap<string, MetaKey> = new Map([['footnotes', { type: 'string' }]])

function keysOf(site: FakeSite, type: ContentType): ReadonlyMap<string, MetaKey> {
  const registered = site.meta.get(type.name)
  const hasFootnotes = isSince(site, '6.3') && type.supports.includes('custom-fields')
  if (!hasFootnotes) return registered ?? new Map()
  return registered === undefined ? footnotes : new Map([...footnotes, ...registered])
}

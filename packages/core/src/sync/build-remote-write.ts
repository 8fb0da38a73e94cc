import type { ContentFields } from '../model/content.ts'
import { changedFields } from '../model/content-fields.ts'
import { isSameJson } from '../model/hash-json.ts'
import type { RemoteContent, RemoteWrite } from '../ports/platform-content.ts'

/** What fields refer to, as the site knows it. */
export interface ExternalReferences {
  readonly terms: Readonly<Record<string, readonly string[]>>
  readonly featuredMediaId: string | null
}

/** The whole content as a write. An absent slug is left to the platform, empty meta is not sent. */
export function buildFullWrite(fields: ContentFields, references: ExternalReferences): RemoteWrite {
  return buildWrite(fields, references, ['title', 'body', 'excerpt', 'slug', 'taxonomyIds', 'featuredImageId', 'meta'])
}

/**
 * What a new item is created with: nothing that is empty, as a new item is so by itself. WordPress gives a draft its default category first and takes it away where none
 * are asked for, which measured at more than a quarter of what a create and its publication cost the server.
 */
export function buildNewWrite(fields: ContentFields, references: ExternalReferences): RemoteWrite {
  const terms = Object.fromEntries(Object.entries(references.terms).filter(([, ids]) => ids.length > 0))
  const { excerpt, featuredMediaId, ...write } = buildFullWrite(fields, { ...references, terms })
  return { ...write, ...(excerpt ? { excerpt } : {}), ...(featuredMediaId ? { featuredMediaId } : {}) }
}

/** Only what changed here since the site last agreed. `null` base sends everything. */
export function buildChangedWrite(
  base: ContentFields | null,
  fields: ContentFields,
  references: ExternalReferences,
): RemoteWrite {
  return base === null
    ? buildFullWrite(fields, references)
    : buildWrite(fields, references, changedFields(base, fields))
}

function buildWrite(fields: ContentFields, references: ExternalReferences, names: readonly string[]): RemoteWrite {
  const sends = (name: string) => names.includes(name)
  return {
    ...(sends('title') ? { title: fields.title } : {}),
    ...(sends('body') ? { body: fields.body } : {}),
    ...(sends('excerpt') ? { excerpt: fields.excerpt } : {}),
    ...(sends('slug') && fields.slug !== null ? { slug: fields.slug } : {}),
    ...(sends('taxonomyIds') && Object.keys(references.terms).length > 0 ? { terms: references.terms } : {}),
    ...(sends('featuredImageId') ? { featuredMediaId: references.featuredMediaId } : {}),
    ...(sends('meta') && Object.keys(fields.meta).length > 0 ? { meta: fields.meta } : {}),
  }
}

/**
 * What both sides agree on after a write: what we sent as the answer gives it, all else as it was read before. Where the answer differs from
 * this, somebody else edited between our read and our write.
 */
export function agreedAfterWrite(before: RemoteContent, write: RemoteWrite, answer: RemoteContent): RemoteContent {
  const now = answer.fields
  const pick = <Name extends keyof RemoteWrite & keyof RemoteContent['fields']>(name: Name) =>
    write[name] === undefined ? before.fields[name] : now[name]
  const sentTerms = Object.keys(write.terms ?? {}).map((type) => [type, now.terms[type] ?? []] as const)
  const sentMeta = Object.keys(write.meta ?? {}).flatMap((key) => {
    const value = now.meta[key]
    return value === undefined ? [] : [[key, value] as const]
  })
  const isStatusSent = write.state !== undefined
  return {
    ...answer,
    status: isStatusSent ? answer.status : before.status,
    state: isStatusSent ? answer.state : before.state,
    fields: {
      title: pick('title'),
      body: pick('body'),
      bodyFormat: write.body === undefined ? before.fields.bodyFormat : now.bodyFormat,
      excerpt: pick('excerpt'),
      slug: pick('slug'),
      featuredMediaId: pick('featuredMediaId'),
      terms: { ...before.fields.terms, ...Object.fromEntries(sentTerms) },
      meta: { ...before.fields.meta, ...Object.fromEntries(sentMeta) },
    },
  }
}

/** One field that the site holds otherwise than we sent it. */
export interface ReadBackDifference {
  readonly field: string
  readonly kind: 'normalised' | 'stripped' | 'ignored'
  readonly asked: string
  readonly got: string
}

/** Compares the whole answer with what was sent, field by field. */
export function compareAnswer(sent: RemoteWrite, answer: RemoteContent): readonly ReadBackDifference[] {
  const differences: ReadBackDifference[] = []
  const check = (field: string, asked: unknown, got: unknown) => {
    if (asked === undefined || isSameJson(asked, got)) return
    differences.push({ field, kind: classify(asked, got), asked: excerptOf(asked), got: excerptOf(got) })
  }
  check('title', sent.title, answer.fields.title)
  check('body', sent.body, answer.fields.body)
  check('excerpt', sent.excerpt, answer.fields.excerpt)
  check('slug', sent.slug, answer.fields.slug)
  check('featuredMediaId', sent.featuredMediaId, answer.fields.featuredMediaId)
  for (const [type, ids] of Object.entries(sent.terms ?? {}))
    check(`terms.${type}`, [...ids].sort(), [...(answer.fields.terms[type] ?? [])].sort())
  for (const [key, value] of Object.entries(sent.meta ?? {})) check(`meta.${key}`, value, answer.fields.meta[key])
  return differences
}

function classify(asked: unknown, got: unknown): ReadBackDifference['kind'] {
  if (got === undefined || got === null || got === '') return 'ignored'
  const shorter = typeof asked === 'string' && typeof got === 'string' && got.length < asked.length
  const fewer = Array.isArray(asked) && Array.isArray(got) && got.length < asked.length
  return shorter || fewer ? 'stripped' : 'normalised'
}

/** Enough to recognise a value, cut at 200 characters. */
function excerptOf(value: unknown): string {
  const text = typeof value === 'string' ? value : (JSON.stringify(value) ?? '')
  return text.length > 200 ? `${text.slice(0, 199)}…` : text
}

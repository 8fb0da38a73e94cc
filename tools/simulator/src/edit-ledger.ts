import type { PostRow, SiteState } from '@igny8-tools/fake-wordpress'

export type EditedField = 'title' | 'body' | 'excerpt' | 'slug' | 'terms' | 'meta'

/** One edit, known again by a token that nothing else contains. */
export interface Edit {
  readonly token: string
  readonly side: 'ours' | 'theirs'
  readonly field: EditedField
  /** Content here, or post there. */
  readonly of: string
  /** When it stood, as the number of changes of the site until then. */
  readonly madeAt: number
  /** Its own side has overwritten or deleted it: nobody misses it. */
  isRetired: boolean
  /** The write of ours that took it off the site. */
  displaced: Displacement | null
}

export interface Displacement {
  /** The process. */
  readonly by: string
  readonly at: number
  readonly postId: number
  /** It came after our last read of the item, so that no read could have shown it. */
  readonly isInWindow: boolean
  readonly isDeletion: boolean
}

/** Remembers every edit, and which of them somebody may miss. */
export interface EditLedger {
  newToken(): string
  /** An edit that has come to stand. */
  record(edit: Pick<Edit, 'token' | 'side' | 'field' | 'of'>): void
  readonly edits: ReadonlyMap<string, Edit>
  /** Something on the site changes, by whomever. */
  tick(): number
  /** Tells what a person's deed took off the site. */
  retire(before: ReadonlySet<string>, after: ReadonlySet<string>): void
  /** Tells what a write of ours took off the site. */
  displace(
    before: ReadonlySet<string>,
    after: ReadonlySet<string>,
    write: Omit<Displacement, 'isInWindow'>,
    lastReadAt: number,
  ): void
}

export function createEditLedger(): EditLedger {
  const edits = new Map<string, Edit>()
  let made = 0
  let ticks = 0
  return {
    edits,
    newToken: () => `q${++made}z`,
    record({ token, side, field, of }) {
      edits.set(token, { token, side, field, of, madeAt: ticks, isRetired: false, displaced: null })
    },
    tick: () => ++ticks,
    retire(before, after) {
      for (const token of before) {
        const edit = edits.get(token)
        if (edit?.side === 'theirs' && !after.has(token)) edit.isRetired = true
      }
    },
    displace(before, after, write, lastReadAt) {
      for (const token of before) {
        const edit = edits.get(token)
        if (edit?.side !== 'theirs' || after.has(token)) continue
        edit.displaced = { ...write, isInWindow: edit.madeAt > lastReadAt }
      }
    },
  }
}

const pattern = /q\d+z/g

export function tokensOf(text: string): ReadonlySet<string> {
  return new Set(text.match(pattern) ?? [])
}

/** Everything of a post that somebody may have edited, as one text. */
export function textOfPost(state: SiteState, post: PostRow | undefined): string {
  if (post === undefined) return ''
  const { title, content, excerpt, slug, meta } = post
  const names = Object.values(shownTerms(post)).flatMap((ids) => ids.map((id) => state.terms.get(id)?.name ?? ''))
  return [title, content, excerpt, slug, ...names, ...Object.values(meta)].join(' ')
}

/** A type that has no taxonomies hides what its item had as another type. */
export function shownTerms({ type, terms }: Pick<PostRow, 'type' | 'terms'>): PostRow['terms'] {
  return type === 'post' ? terms : {}
}

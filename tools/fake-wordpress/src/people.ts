import type { MetaKey, PostStatus, Taxonomy } from './content-types.ts'
import type { FakeSite } from './fake-site.ts'
import { insertMedia } from './media-upload.ts'
import { publishDue, publishScheduled } from './publish-due.ts'
import { deleteMedia, deletePost, trashPost, untrashPost } from './remove-post.ts'
import { insertPost, type PostChange, updatePost } from './save-post.ts'
import { deleteTerm, insertTerm, requireTerm, updateTerm } from './save-term.ts'
import type { MediaRow, PostRow, SiteSettings, TermRow, UserRow } from './site-state.ts'
import { formatColumn } from './site-time.ts'

/** What somebody writes in the editor. */
export interface PersonWrite {
  readonly title?: string
  readonly content?: string
  readonly excerpt?: string
  readonly slug?: string
  readonly status?: string
  readonly parentId?: number
  readonly authorId?: number
  /** Of publication, in the past or in the future. */
  readonly date?: Date
  readonly terms?: Readonly<Record<string, readonly number[]>>
  readonly featuredMediaId?: number
}

/** What happens on a site by other ways than our requests. Everybody is user 1 unless it says otherwise. */
export interface People {
  /** A new post. One with a date of its own has it as its modified time, even in the past or the future. */
  create(input: PersonWrite & { readonly type?: string }): PostRow
  /** A save in the editor: the modified time moves, and a revision is kept where the text changed. */
  edit(id: number, change: PersonWrite): PostRow
  publish(id: number): PostRow
  schedule(id: number, at: Date): PostRow
  trash(id: number): PostRow
  untrash(id: number): PostRow
  deleteForever(id: number): void
  /** As importers do it: date and modified time are written into the table. */
  backdate(id: number, at: Date): PostRow
  /** Without a save: by bulk edit or a plugin, so that the modified time stays. */
  setTerms(id: number, taxonomy: string, termIds: readonly number[]): PostRow
  setMeta(id: number, key: string, value: unknown): PostRow
  setFeaturedMedia(id: number, mediaId: number): PostRow
  /** Straight into the table: any status, even one that nobody registered; any type. */
  setStatus(id: number, status: string): PostRow
  changeType(id: number, type: string): PostRow
  createTerm(taxonomy: string, name: string, more?: { readonly slug?: string; readonly parentId?: number }): TermRow
  renameTerm(id: number, name: string): TermRow
  deleteTerm(id: number): void
  upload(input: { readonly bytes: Uint8Array; readonly name: string; readonly mimeType: string }): MediaRow
  deleteMedia(id: number): void
  changeSettings(change: Partial<SiteSettings>): void
  changeTimezone(timezone: string): void
  changeRole(login: string, role: string): void
  setApplicationPasswords(login: string, passwords: readonly string[]): void
  /** Code of a plugin: known until `removePlugin` is called with the same name. */
  addStatus(status: PostStatus): void
  removeStatus(name: string): void
  addMeta(type: string, key: string, registration: MetaKey): void
  removeType(name: string): void
  /** What cron does to a scheduled post when its time has come. */
  publishOnTime(id: number): PostRow
  /** Publishes what is due, as a visitor's request would. */
  runCron(): void
}

export function createPeople(site: FakeSite): People {
  const { state } = site
  const somebody = (): UserRow | null => state.users.get(1) ?? null
  const find = (id: number): PostRow => {
    const post = state.posts.get(id)
    if (post === undefined) throw new Error(`The fake site has no post ${id}.`)
    return post
  }
  const put = (id: number, change: Partial<PostRow>): PostRow => {
    const row = { ...find(id), ...change }
    state.posts.set(id, row)
    return row
  }
  const findTerm = (id: number): readonly [Taxonomy, TermRow] => {
    const term = state.terms.get(id)
    const taxonomy = site.taxonomies.get(term?.taxonomy ?? '')
    if (taxonomy === undefined) throw new Error(`The fake site has no term ${id}.`)
    return [taxonomy, requireTerm(site, taxonomy, id)]
  }
  const findUser = (login: string): UserRow => {
    const user = [...state.users.values()].find((candidate) => candidate.login === login)
    if (user === undefined) throw new Error(`The fake site has no user "${login}".`)
    return user
  }
  const relate = (post: PostRow, { terms, featuredMediaId }: PersonWrite): PostRow =>
    terms === undefined && featuredMediaId === undefined
      ? post
      : put(post.id, {
          terms: { ...post.terms, ...terms },
          featuredMediaId: featuredMediaId ?? post.featuredMediaId,
        })
  const edit = (id: number, change: PersonWrite): PostRow =>
    relate(updatePost(site, somebody(), find(id), toChange(site, change)), change)

  return {
    create: ({ type = 'post', ...input }) => relate(insertPost(site, somebody(), type, toChange(site, input)), input),
    edit,
    publish: (id) => edit(id, { status: 'publish' }),
    schedule: (id, at) => edit(id, { status: 'future', date: at }),
    trash: (id) => trashPost(site, somebody(), find(id)),
    untrash: (id) => untrashPost(site, somebody(), find(id)),
    deleteForever: (id) => deletePost(site, find(id)),
    backdate(id, at) {
      const gmt = formatColumn(at.getTime())
      const local = site.time.localFromGmt(gmt)
      return put(id, { date: local, dateGmt: gmt, modified: local, modifiedGmt: gmt })
    },
    setTerms: (id, taxonomy, termIds) => put(id, { terms: { ...find(id).terms, [taxonomy]: termIds } }),
    setMeta: (id, key, value) => put(id, { meta: { ...find(id).meta, [key]: value } }),
    setFeaturedMedia: (id, featuredMediaId) => put(id, { featuredMediaId }),
    setStatus: (id, status) => put(id, { status }),
    changeType: (id, type) => put(id, { type }),
    createTerm(taxonomy, name, { slug = '', parentId = 0 } = {}) {
      const found = site.taxonomies.get(taxonomy)
      if (found === undefined) throw new Error(`The fake site has no taxonomy "${taxonomy}".`)
      return insertTerm(site, found, { name, slug, description: '', parentId })
    },
    renameTerm: (id, name) => updateTerm(site, ...findTerm(id), { name }),
    deleteTerm: (id) => deleteTerm(site, findTerm(id)[1]),
    upload: ({ bytes, name, mimeType }) =>
      insertMedia(site, {
        file: `${site.time.nowLocal().slice(0, 7).replace('-', '/')}/${name}`,
        mimeType,
        bytes,
        authorId: 1,
        title: name.replace(/\.[^.]*$/, ''),
        slug: '',
        altText: '',
        excerpt: '',
        content: '',
      }),
    deleteMedia: (id) => deleteMedia(site, id),
    changeSettings(change) {
      state.settings = { ...state.settings, ...change }
    },
    changeTimezone(timezone) {
      state.settings = { ...state.settings, timezone }
    },
    changeRole(login, role) {
      const user = findUser(login)
      state.users.set(user.id, { ...user, role })
    },
    setApplicationPasswords(login, passwords) {
      const user = findUser(login)
      const applicationPasswords = passwords.map((password) => password.replaceAll(' ', ''))
      state.users.set(user.id, { ...user, applicationPasswords })
    },
    addStatus: (status) => void site.statuses.set(status.name, status),
    removeStatus: (name) => void site.statuses.delete(name),
    addMeta(type, key, registration) {
      site.meta.set(type, new Map([...(site.meta.get(type) ?? []), [key, registration]]))
    },
    removeType: (name) => void site.types.delete(name),
    publishOnTime: (id) => publishScheduled(site, find(id)),
    runCron: () => publishDue(site),
  }
}

function toChange(
  site: FakeSite,
  { date, terms: _terms, featuredMediaId: _media, ...fields }: PersonWrite,
): PostChange {
  if (date === undefined) return fields
  const gmt = formatColumn(date.getTime())
  return { ...fields, date: { local: site.time.localFromGmt(gmt), gmt } }
}

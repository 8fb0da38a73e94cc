import type { FakeWordPress, PostRow, TermRow } from '@igny8-tools/fake-wordpress'
import type { Dice } from './create-dice.ts'
import { type EditedField, type EditLedger, textOfPost, tokensOf } from './edit-ledger.ts'
import type { Mood } from './mood.ts'
import { editBody, writeBody } from './simulated-body.ts'
import type { SimulatedTime } from './simulated-time.ts'
import type { Trace } from './trace.ts'

/** Those who work on the site itself, behind our back. */
export interface PeopleOnSite {
  /** An edit of one post's text, slug, terms or meta. */
  editPost(postId: number): void
  /** Whatever somebody may do in the dashboard. Returns the post that it was about. */
  doAnything(): number | null
  /** Somebody sets the zone of the site. */
  changeZone(): void
  /** A post that stands from the beginning. */
  addPost(): PostRow
  readonly deeds: () => number
  /** Posts that got another slug while they stood under a marker of ours. */
  readonly renamedDrafts: ReadonlySet<number>
  /** Posts whose modified time was moved into the past, whose type was changed, or that were saved in a zone which the site has left for an earlier one: only a sweep finds what happens to them. */
  readonly hidden: ReadonlySet<number>
  /** Posts that somebody did anything to. */
  readonly touched: ReadonlySet<number>
  /** What arrives late may name one of them, and is no twin of what arrived in time. */
  readonly hasDeletedTerms: boolean
  /** Posts that somebody threw away, for a while or for good. */
  readonly thrownAway: ReadonlySet<number>
}

export interface PeopleInput {
  readonly site: FakeWordPress
  readonly ledger: EditLedger
  readonly dice: Dice
  readonly time: SimulatedTime
  readonly trace: Trace
  readonly mood: Mood
  /** Whether the site has a second type. */
  readonly hasBooks: boolean
  readonly maxPageSize: number
}

const zones = ['America/New_York', 'Pacific/Kiritimati', 'Europe/Berlin', '-11:00', '+05:30']

export function createPeopleOnSite({
  site,
  ledger,
  dice,
  time,
  trace,
  mood,
  hasBooks,
  maxPageSize,
}: PeopleInput): PeopleOnSite {
  const { people, state } = site
  const renamedDrafts = new Set<number>()
  const hidden = new Set<number>()
  const touched = new Set<number>()
  let hasDeletedTerms = false
  const thrownAway = new Set<number>()
  /** Posts in the order in which they were saved; by zone, how many had been when the site left it. */
  const saved: number[] = []
  const leftAt = new Map<string, number>()
  let deeds = 0

  /** Does something to a post, and notes what of the post it took away. */
  function deed(name: string, postId: number, work: () => unknown): void {
    const before = tokensOf(textOfPost(state, state.posts.get(postId)))
    ledger.tick()
    touched.add(postId)
    saved.push(postId)
    if (name === 'trash' || name === 'delete') thrownAway.add(postId)
    work()
    deeds++
    ledger.retire(before, tokensOf(textOfPost(state, state.posts.get(postId))))
    trace.write(() => `  people: ${name} ${postId}`)
  }

  function edited(field: EditedField, postId: number): string {
    const token = ledger.newToken()
    ledger.record({ token, side: 'theirs', field, of: `post ${postId}` })
    return token
  }

  function editPost(postId: number): void {
    const post = state.posts.get(postId)
    if (post === undefined) return
    const kind = dice.weigh<EditedField>([
      [4, 'body'],
      [3, 'title'],
      [1.5, 'excerpt'],
      [0.7, 'slug'],
      [1, 'terms'],
      [0.7, 'meta'],
    ])
    // The token is known once the deed is done, so that the deed itself cannot retire it.
    const tokens: string[] = []
    const token = (): string => {
      const made = ledger.newToken()
      tokens.push(made)
      return made
    }
    deed(`edits ${kind} of`, postId, () => {
      if (kind === 'body') people.edit(postId, { content: editBody(post.content, dice, token) })
      else if (kind === 'title') people.edit(postId, { title: `Title ${token()} there` })
      else if (kind === 'excerpt') people.edit(postId, { excerpt: `Excerpt ${token()} there` })
      else if (kind === 'slug' && post.status !== 'trash') renameSlug(post, `slug-${token()}-there`)
      else if (kind === 'terms' && post.type === 'post') setTerms(post, token())
      else if (kind === 'meta') people.setMeta(postId, 'subtitle', `Subtitle ${token()} there`)
    })
    const shown = tokensOf(textOfPost(state, state.posts.get(postId)))
    for (const made of tokens)
      if (shown.has(made)) ledger.record({ token: made, side: 'theirs', field: kind, of: `post ${postId}` })
    trace.write(() => `    with ${tokens.join(' ')}`)
  }

  function renameSlug(post: PostRow, slug: string): void {
    if (/^igny8-[0-9a-f]{32}/.test(post.slug)) renamedDrafts.add(post.id)
    people.edit(post.id, { slug })
  }

  /** Of the same few names that are used here too. */
  function sharedTerm(): TermRow {
    const name = dice.pick(['News', 'Travel', 'Food'])
    const standing = [...state.terms.values()].find((term) => term.taxonomy === 'post_tag' && term.name === name)
    return standing ?? people.createTerm('post_tag', name)
  }

  /** By a save, or silently. */
  function setTerms(post: PostRow, token: string): void {
    const term = dice.chance(0.4) ? sharedTerm() : people.createTerm('post_tag', `term ${token}`)
    const kept = (post.terms.post_tag ?? []).filter(() => dice.chance(0.5))
    const ids = [...new Set([...kept, term.id])]
    if (dice.chance(0.5)) people.setTerms(post.id, 'post_tag', ids)
    else people.edit(post.id, { terms: { post_tag: ids } })
  }

  function addPost(more: { readonly date?: Date } = {}): PostRow {
    const style = dice.pick(['blocks', 'html'] as const)
    const body = writeBody(style, [`${edited('body', state.nextPostId)} opens`, 'A second paragraph.', 'A third one.'])
    const status = dice.pick(['publish', 'publish', 'draft'])
    const type = hasBooks ? dice.pick(['post', 'post', 'book']) : 'post'
    const title = `Title ${edited('title', state.nextPostId)} there`
    ledger.tick()
    const post = people.create({ type, title, content: body, status, ...more })
    deeds++
    trace.write(() => `  people: write ${type} ${post.id} (${status})`)
    return post
  }

  /** Where pages are short, newer ones that are known already may hide it from everything but the sweep. */
  function backdated(): PostRow {
    const post = addPost({ date: new Date(time.time() - 90 * 86_400_000) })
    if (maxPageSize < 100) hidden.add(post.id)
    return post
  }

  function renameTerm(): void {
    const term = dice.pick([...state.terms.values()])
    if (tokensOf(term.name).size > 0) return
    people.renameTerm(term.id, `${term.name.split(' ')[0]} ${deeds}`)
    trace.write(() => `  people: rename term ${term.id}`)
  }

  function touchPostsOf(termId: number): void {
    for (const { id, terms } of state.posts.values()) if (Object.values(terms).flat().includes(termId)) touched.add(id)
  }

  function deleteTerm(): void {
    const terms = [...state.terms.values()].filter(({ id }) => id !== state.settings.defaultCategoryId)
    if (terms.length === 0) return
    const term = dice.pick(terms)
    for (const token of tokensOf(term.name)) ledger.retire(new Set([token]), new Set())
    touchPostsOf(term.id)
    people.deleteTerm(term.id)
    hasDeletedTerms = true
    trace.write(() => `  people: delete term ${term.id}`)
  }

  /** Where no pull noted the zones in between, nothing tells that times were written in them. */
  function changeZone(): void {
    const { timezone } = state.settings
    const zone = dice.pick(zones.filter((other) => other !== timezone))
    leftAt.set(timezone, saved.length)
    for (const id of saved.slice(leftAt.get(zone) ?? saved.length)) hidden.add(id)
    people.changeTimezone(zone)
    trace.write(() => `  people: change the zone`)
  }

  function doAnything(): number | null {
    const living = [...state.posts.values()]
    if (living.length === 0) return addPost().id
    const post = dice.pick(living)
    const { id, status } = post
    const isTrashed = status === 'trash'
    const kind = dice.weigh([
      [30, 'edit'],
      [5, 'write'],
      [1.5, 'backdated'],
      [3, 'publish'],
      [2, 'draft'],
      [1.5, 'pending'],
      [2, 'schedule'],
      [3, 'trash'],
      [isTrashed ? 6 : 0, 'untrash'],
      [isTrashed ? 3 : 0.7, 'delete'],
      [1, 'backdate'],
      [hasBooks ? 2 : 0, 'type'],
      [1, 'rename-term'],
      [0.7, 'delete-term'],
      [0.4 * mood.zones, 'zone'],
      [0.5, 'empty'],
      [2, 'bulk'],
    ])
    deeds++
    switch (kind) {
      case 'edit':
        editPost(id)
        return id
      case 'write':
        return addPost().id
      case 'backdated':
        return backdated().id
      case 'publish':
        if (!isTrashed) deed('publish', id, () => people.publish(id))
        return id
      case 'draft':
      case 'pending':
        if (!isTrashed) deed(`set to ${kind}`, id, () => people.edit(id, { status: kind }))
        return id
      case 'schedule':
        if (!isTrashed)
          deed('schedule', id, () => people.schedule(id, new Date(time.time() + dice.between(61_000, 7_200_000))))
        return id
      case 'trash':
        if (!isTrashed) deed('trash', id, () => people.trash(id))
        return id
      case 'untrash':
        deed('take out of the trash', id, () => people.untrash(id))
        return id
      case 'delete':
        deed('delete', id, () => people.deleteForever(id))
        return id
      case 'backdate':
        hidden.add(id)
        deed('backdate', id, () => people.backdate(id, new Date(time.time() - dice.between(1, 90) * 86_400_000)))
        return id
      case 'type':
        hidden.add(id)
        if (!isTrashed)
          deed('change the type of', id, () => people.changeType(id, post.type === 'post' ? 'book' : 'post'))
        return id
      case 'rename-term':
        renameTerm()
        return null
      case 'delete-term':
        deleteTerm()
        return null
      case 'bulk':
        for (const { id: each } of living) if (dice.chance(0.7)) editPost(each)
        return null
      case 'empty':
        for (const { id: each, status: its } of living)
          if (its !== 'trash') deed('trash', each, () => people.trash(each))
        return null
      default:
        changeZone()
        return null
    }
  }

  return {
    editPost,
    doAnything,
    changeZone,
    addPost: () => addPost(),
    deeds: () => deeds,
    renamedDrafts,
    hidden,
    touched,
    get hasDeletedTerms() {
      return hasDeletedTerms
    },
    thrownAway,
  }
}

import { notFound, versionConflict } from '../errors/not-found.ts'
import { parseInput } from '../errors/parse-input.ts'
import type { Content, ContentVersion } from '../model/content.ts'
import { pickContentFields } from '../model/content-fields.ts'
import { type ContentPlacement, placementOf } from '../model/content-placement.ts'
import {
  applyLocalEdit,
  approve,
  noticeEdit,
  reject,
  removeContent,
  restoreContent,
  submitForReview,
} from '../model/content-workflow.ts'
import type { DomainEventType } from '../model/domain-event.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { Page, PageQuery } from '../ports/page.ts'
import type { AccountStores } from '../ports/storage.ts'
import { checkReferences } from './check-references.ts'
import {
  type CreateContentInput,
  contentIdSchema,
  contentIdsSchema,
  createContentSchema,
  type ListContentInput,
  listContentSchema,
  pageSchema,
  type ReviewOptions,
  reviewOptionsSchema,
  type UpdateContentInput,
  updateContentSchema,
} from './content-schemas.ts'
import { leaveRemovals, takeRemovalsBack } from './leave-removals.ts'

/** Contents of one account, and their workflow. Every write is one transaction. */
export interface ContentApi {
  /** Starts as a draft. Throws `INVALID_INPUT`, or `NOT_FOUND` for an unknown site. */
  create(input: CreateContentInput): Promise<Content>
  get(contentId: string): Promise<Content>
  /** Newest first by default. */
  list(input?: ListContentInput): Promise<Page<Content> & { readonly count: number }>
  /** Throws `VERSION_CONFLICT` where `version` is no longer the newest. An edit revokes the approval. */
  update(input: UpdateContentInput): Promise<Content>
  /** Tells that the host edited contents in its own tables. An edit of what was approved revokes the approval. Idempotent; unknown ids are passed over. */
  changed(contentIds: readonly string[], options?: Pick<ReviewOptions, 'actor'>): Promise<void>
  /** Draft → review. */
  submit(contentId: string, options?: ReviewOptions): Promise<Content>
  /** Approves what stands there now, bound to its hash. Pass `version` to approve only what you have seen. */
  approve(contentId: string, options?: ReviewOptions): Promise<Content>
  /** Back to the writer, with a reason for the event. */
  reject(contentId: string, options?: ReviewOptions): Promise<Content>
  /** Leaves a tombstone with the body; what the site does is decided by the integration's deletion policy. Idempotent. */
  remove(contentId: string, options?: ReviewOptions): Promise<Content>
  /** Brings a removed content back as a draft. An item that is gone from its site for good is created anew by the next push; one in the trash there stays there. */
  restore(contentId: string, options?: ReviewOptions): Promise<Content>
  /** Past versions, newest first; the head is not among them. */
  versions(contentId: string, query?: Partial<PageQuery>): Promise<Page<ContentVersion>>
  /** Its item on each site that has it, or had it: the id there (the spec's `wordpress_id`), the address, the status. */
  placements(contentId: string): Promise<readonly ContentPlacement[]>
}

/** What follows from a decision about a content elsewhere, in the same transaction. Returns the content as it stands then. */
export interface ContentFollowUps {
  approved(stores: AccountStores, content: Content): Promise<Content>
  /** Nothing that stands in it is approved any more, or it was removed. */
  revoked(stores: AccountStores, content: Content): Promise<Content>
}

export function createContentApi(context: AccountContext, followUps: ContentFollowUps): ContentApi {
  const { storage, clock } = context

  async function load(contentId: string): Promise<Content> {
    const content = await storage.content.get(parseInput(contentIdSchema, contentId))
    if (content === undefined) throw notFound('content', contentId)
    return content
  }

  /** Reads, decides and writes one content in one transaction; the old state goes to the history. */
  async function change(input: {
    readonly contentId: string
    readonly version?: number | undefined
    readonly actor?: string | undefined
    readonly event: DomainEventType
    readonly reason?: string | undefined
    decide(content: Content, now: Date): Content
    check?(stores: AccountStores, content: Content): Promise<void>
    /** In the same transaction, after the write. */
    follow?(stores: AccountStores, content: Content): Promise<Content>
  }): Promise<Content> {
    const now = clock.now()
    const result = await storage.transaction(async (stores) => {
      const content = await stores.content.get(parseInput(contentIdSchema, input.contentId))
      if (content === undefined) throw notFound('content', input.contentId)
      if (input.version !== undefined && content.version !== input.version) throw versionConflict('content', content.id)
      await input.check?.(stores, content)
      const next = input.decide(content, now)
      if (next === content) return content
      if (!(await stores.content.update(next, content.version))) throw versionConflict('content', content.id)
      const actor = input.actor ?? 'host'
      await stores.history.append([
        {
          ...pickContentFields(content),
          accountId: content.accountId,
          contentId: content.id,
          version: content.version,
          actor,
          createdAt: now,
        },
      ])
      await stores.outbox.append([
        context.newEvent(input.event, content.id, { actor, version: next.version, reason: input.reason ?? null }),
      ])
      return input.follow === undefined ? next : input.follow(stores, next)
    })
    context.committed()
    return result
  }

  const review =
    (
      event: DomainEventType,
      decide: (content: Content, now: Date) => Content,
      follow?: (stores: AccountStores, content: Content) => Promise<Content>,
    ) =>
    async (contentId: string, options: ReviewOptions = {}) =>
      change({ contentId, ...parseInput(reviewOptionsSchema, options), event, decide, ...(follow && { follow }) })

  return {
    async create(input) {
      const { actor = 'host', ...given } = parseInput(createContentSchema, input)
      const now = clock.now()
      const content: Content = {
        ...given,
        id: context.newId(),
        accountId: context.accountId,
        status: 'draft',
        origin: 'local',
        pendingChanges: false,
        approvedHash: null,
        approvedAt: null,
        publishedAt: null,
        removedAt: null,
        version: 1,
        createdAt: now,
        updatedAt: now,
      }
      await storage.transaction(async (stores) => {
        if ((await stores.sites.get(given.siteId)) === undefined) throw notFound('site', given.siteId)
        await checkReferences(stores, given.siteId, given)
        await stores.content.insert([content])
        await stores.outbox.append([context.newEvent('content.created', content.id, { actor, type: content.type })])
      })
      context.committed()
      return content
    },
    get: load,
    async list(input = {}) {
      const query = parseInput(listContentSchema, input)
      const [page, count] = await Promise.all([storage.content.list(query), storage.content.count(query)])
      return { ...page, count }
    },
    async update(input) {
      const { changes, ...rest } = parseInput(updateContentSchema, input)
      const edit = Object.fromEntries(Object.entries(changes).filter(([, value]) => value !== undefined))
      return change({
        ...rest,
        event: 'content.updated',
        decide: (content, now) => applyLocalEdit(content, edit, now),
        check: (stores, content) => checkReferences(stores, content.siteId, edit),
        follow: followUps.revoked,
      })
    },
    async changed(contentIds, options = {}) {
      const { actor } = parseInput(reviewOptionsSchema, options)
      const known = await storage.content.getMany(parseInput(contentIdsSchema, contentIds))
      for (const { id: contentId } of known)
        await change({ contentId, actor, event: 'content.updated', decide: noticeEdit, follow: followUps.revoked })
    },
    submit: review('content.submitted', submitForReview),
    approve: review('content.approved', approve, followUps.approved),
    reject: review('content.rejected', reject, followUps.revoked),
    remove: review('content.removed', removeContent, async (stores, content) => {
      await leaveRemovals(context, stores, content)
      return followUps.revoked(stores, content)
    }),
    restore: review('content.restored', restoreContent, async (stores, content) => {
      await takeRemovalsBack(context, stores, content)
      return content
    }),
    async versions(contentId, query = {}) {
      await load(contentId)
      return storage.history.list(contentId, parseInput(pageSchema, query))
    },
    async placements(contentId) {
      await load(contentId)
      return (await storage.links.listOfLocal('content', contentId)).map(placementOf)
    },
  }
}

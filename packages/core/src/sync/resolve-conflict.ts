import * as z from 'zod'
import { Igny8Error } from '../errors/igny8-error.ts'
import { notFound, versionConflict } from '../errors/not-found.ts'
import { parseInput } from '../errors/parse-input.ts'
import type { Conflict } from '../model/conflict.ts'
import type { Content } from '../model/content.ts'
import { changedFields, hashContentFields, pickContentFields } from '../model/content-fields.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { Page } from '../ports/page.ts'
import type { RemoteContent } from '../ports/platform-content.ts'
import type { AccountStores } from '../ports/storage.ts'
import { mapRemoteToFields } from './map-remote-to-fields.ts'
import { withItemLease } from './push-under-lease.ts'
import { describeRemote, hashRemote, toLocalBase } from './remote-base.ts'
import { type ResolvedIds, resolveLocalIds } from './resolve-local-ids.ts'
import { loadActiveIntegration, openSync } from './run-integration.ts'
import type { SyncContext } from './sync-context.ts'
import { unguarded, unrecordedProgress } from './unrecorded-progress.ts'

const id = z.string().min(1).max(255)
const listSchema = z.strictObject({
  integrationId: id.optional(),
  contentId: id.optional(),
  status: z.enum(['open', 'resolved']).optional(),
  limit: z.int().min(1).max(500).default(50),
  cursor: z.string().max(2_000).optional(),
})
const resolveSchema = z.strictObject({
  conflictId: id,
  /** Side to take, for every field of the conflict. */
  fields: z.record(z.string(), z.enum(['ours', 'theirs'])),
  actor: z.string().min(1).max(255).default('host'),
  signal: z.instanceof(AbortSignal).optional(),
})

/** Conflicts of one account: nothing was overwritten, somebody decides. */
export interface ConflictApi {
  get(conflictId: string): Promise<Conflict>
  /** Oldest first. */
  list(input?: z.input<typeof listSchema>): Promise<Page<Conflict> & { readonly count: number }>
  /**
   * Decides every field. Theirs is taken here at once; ours becomes a pending change, pushable once approved. Throws
   * `VERSION_CONFLICT` where either side moved on since the conflict was recorded: read it again.
   */
  resolve(input: z.input<typeof resolveSchema>): Promise<Conflict>
}

export function createConflictApi(context: AccountContext): ConflictApi {
  const { storage } = context
  async function get(conflictId: string): Promise<Conflict> {
    const conflict = await storage.conflicts.get(parseInput(id, conflictId))
    if (conflict === undefined) throw notFound('conflict', conflictId)
    return conflict
  }
  return {
    get,
    async list(input = {}) {
      const query = parseInput(listSchema, input)
      const [page, count] = await Promise.all([storage.conflicts.list(query), storage.conflicts.count(query)])
      return { ...page, count }
    },
    async resolve(input) {
      const { conflictId, fields, actor, signal = new AbortController().signal } = parseInput(resolveSchema, input)
      const conflict = await get(conflictId)
      refuseUnfit(conflict, fields)
      const integration = await loadActiveIntegration(context, conflict.integrationId)
      const progress = unrecordedProgress(context, integration.id)
      const sync = await openSync(context, integration, { runId: null, actor, signal, progress, guard: unguarded })
      const resolved = await withItemLease(sync, conflict.contentId, async (held) => {
        const remote = await readRemote(held, conflict)
        const ids = await resolveLocalIds(held, [remote])
        return storage.transaction((stores) => settle(held, stores, { conflict, fields, remote, ids }))
      })
      context.committed()
      return resolved
    },
  }
}

function refuseUnfit(conflict: Conflict, fields: Readonly<Record<string, 'ours' | 'theirs'>>): void {
  if (conflict.status === 'resolved') throw versionConflict('conflict', conflict.id)
  const names = conflict.fields.map((field) => field.field)
  const undecided = names.find((name) => fields[name] === undefined)
  const foreign = Object.keys(fields).find((name) => !names.includes(name))
  if (undecided === undefined && foreign === undefined) return
  const field = undecided ?? foreign ?? ''
  throw new Igny8Error({
    code: 'INVALID_INPUT',
    message:
      undecided === undefined ? `fields.${field}: is not part of the conflict.` : `fields.${field}: is not decided.`,
    hint: `Decide exactly these: ${names.join(', ')}.`,
    details: { field: `fields.${field}` },
  })
}

/** Theirs as it is now; it must still be what the conflict speaks of. */
async function readRemote(sync: SyncContext, conflict: Conflict): Promise<RemoteContent> {
  const [link] = await sync.account.storage.links.findByLocalIds(conflict.integrationId, 'content', [
    conflict.contentId,
  ])
  if (link === undefined) throw notFound('conflict', conflict.id)
  const lookup = await sync.client.content.get(
    { type: link.externalType, externalId: link.externalId },
    { signal: sync.signal },
  )
  if (lookup.kind === 'absent' || hashRemote(lookup.content) !== conflict.remoteHash)
    throw versionConflict('conflict', conflict.id)
  return lookup.content
}

interface Decision {
  readonly conflict: Conflict
  readonly fields: Readonly<Record<string, 'ours' | 'theirs'>>
  readonly remote: RemoteContent
  readonly ids: ResolvedIds
}

/** Content, link and conflict in one transaction. Both bases become theirs: what is still ours is an edit against it. */
async function settle(
  sync: SyncContext,
  stores: AccountStores,
  { conflict, fields, remote, ids }: Decision,
): Promise<Conflict> {
  const { account } = sync
  await sync.guard(stores)
  const now = account.clock.now()
  const content = await stores.content.get(conflict.contentId)
  const [link] = await stores.links.findByLocalIds(conflict.integrationId, 'content', [conflict.contentId])
  if (content === undefined || link === undefined || content.version !== conflict.contentVersion)
    throw versionConflict('content', conflict.contentId)
  const theirs = mapRemoteToFields(remote, ids)
  const trashed = fields.status === 'theirs'
  const taken = conflict.fields.filter(({ field }) => fields[field] === 'theirs' && field in theirs)
  const oneSided = changedFields((link.localBase ?? pickContentFields(content)) as unknown as Content, content)
  const untouched = changedFields(content, theirs).filter(
    (name) => !oneSided.includes(name) && fields[name] === undefined,
  )
  const merged: Content = {
    ...content,
    ...Object.fromEntries(untouched.map((name) => [name, theirs[name]])),
    ...Object.fromEntries(taken.map((decided) => [decided.field, decided.theirs])),
  }
  const pending = changedFields(theirs, merged).length > 0
  const live = content.status === 'published' || content.status === 'scheduled'
  await stores.history.append([
    {
      ...pickContentFields(content),
      accountId: content.accountId,
      contentId: content.id,
      version: content.version,
      actor: sync.actor,
      createdAt: now,
    },
  ])
  await stores.content.update(
    {
      ...merged,
      pendingChanges: pending && content.status === 'published',
      // What is theirs in every field is live already; what is still ours awaits a new approval.
      approvedHash: pending || !live ? null : hashContentFields(merged),
      approvedAt: pending || !live ? null : now,
      removedAt: trashed ? now : content.removedAt,
      version: content.version + 1,
      updatedAt: now,
    },
    content.version,
  )
  const described = describeRemote(remote, now, sync.traits.timeGranularityMs, now)
  await stores.links.update(
    { ...link, ...described, localBase: toLocalBase(theirs), version: link.version + 1, updatedAt: now },
    link.version,
  )
  const resolved: Conflict = {
    ...conflict,
    status: 'resolved',
    resolution: fields,
    resolvedBy: sync.actor,
    resolvedAt: now,
    version: conflict.version + 1,
    updatedAt: now,
  }
  if (!(await stores.conflicts.update(resolved, conflict.version))) throw versionConflict('conflict', conflict.id)
  await stores.outbox.append([
    account.newEvent('conflict.resolved', conflict.id, { contentId: conflict.contentId, actor: sync.actor }),
  ])
  return resolved
}

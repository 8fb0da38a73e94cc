import * as z from 'zod'
import { Igny8Error } from '../errors/igny8-error.ts'
import type { InputOf } from '../errors/input-of.ts'
import { notFound, versionConflict } from '../errors/not-found.ts'
import { parseInput } from '../errors/parse-input.ts'
import type { Conflict } from '../model/conflict.ts'
import type { Content, ContentFields } from '../model/content.ts'
import { contentFieldNames, pickContentFields } from '../model/content-fields.ts'
import { applyLocalEdit } from '../model/content-workflow.ts'
import { isSameJson } from '../model/hash-json.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { Page } from '../ports/page.ts'
import type { RemoteContent } from '../ports/platform-content.ts'
import type { AccountStores } from '../ports/storage.ts'
import { closeConflict, isOfOverwritten } from './apply-one-item.ts'
import { applyRemoteItems } from './apply-remote-items.ts'
import { deletedStatus, ghostOf, locate } from './confirm-missing.ts'
import { withItemLease } from './item-lease.ts'
import { type ConflictSide, readField } from './merge-fields.ts'
import { hashRemote } from './remote-base.ts'
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

/** Filters and page of a list of conflicts. @default 50 a page */
export type ListConflictsInput = InputOf<typeof listSchema>
/** The side to take, `ours` or `theirs`, for every field of a conflict by its name. */
export type ResolveConflictInput = InputOf<typeof resolveSchema>

/** Conflicts of one account: nothing was overwritten, somebody decides. */
export interface ConflictApi {
  get(conflictId: string): Promise<Conflict>
  /** Oldest first. */
  list(input?: ListConflictsInput): Promise<Page<Conflict> & { readonly count: number }>
  /**
   * Decides every field. Theirs is taken here at once; ours becomes a pending change, pushable once approved: where the item is gone from the site for good, it is created
   * anew. Throws
   * `VERSION_CONFLICT` where either side moved on since the conflict was recorded: read it again.
   */
  resolve(input: ResolveConflictInput): Promise<Conflict>
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
      if (!resolved) throw versionConflict('conflict', conflictId)
      return get(conflictId)
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

/** Theirs as it is now, of whatever type; what is gone for good as a pull sees it. */
async function readRemote(sync: SyncContext, conflict: Conflict): Promise<RemoteContent> {
  const [link] = await sync.account.storage.links.findByLocalIds(conflict.integrationId, 'content', [
    conflict.contentId,
  ])
  if (link === undefined) throw notFound('conflict', conflict.id)
  return (await locate(sync, link)) ?? ghostOf(link)
}

interface Decision {
  readonly conflict: Conflict
  readonly fields: Readonly<Record<string, ConflictSide>>
  readonly remote: RemoteContent
  readonly ids: ResolvedIds
}

/**
 * Content, link and conflict in one transaction, by the plan of a pull in which somebody has taken sides. False where either side is not what the conflict speaks of
 * any more: then it is brought up to date, and has to be looked at again.
 */
async function settle(sync: SyncContext, stores: AccountStores, decision: Decision): Promise<boolean> {
  const { conflict, fields, remote, ids } = decision
  await sync.guard(stores)
  const content = await stores.content.get(conflict.contentId)
  const [link] = await stores.links.findByLocalIds(conflict.integrationId, 'content', [conflict.contentId])
  if (content === undefined || link === undefined) throw notFound('content', conflict.contentId)
  const isLocal = isOfOverwritten(conflict, link)
  const isStale = content.version !== conflict.contentVersion
  if (isLocal) {
    if (isStale) await refreshOurs(sync, stores, conflict, content)
    else await closeConflict(sync, stores, conflict, fields)
    if (isStale) return false
  } else {
    const isMoved = isStale || hashRemote(remote) !== conflict.remoteHash
    const decisions = isMoved ? undefined : fields
    const [outcome] = await applyRemoteItems(sync, stores, [remote], ids, null, null, decisions)
    if (isMoved || outcome === 'conflicts') return false
    // Ours stays, and nothing is left there that it could go to: the next push creates it anew.
    if (remote.status === deletedStatus && fields.status === 'ours')
      await stores.links.remove(conflict.integrationId, 'content', conflict.contentId)
  }
  await restoreTheirs(sync, stores, decision)
  return true
}

/** What a push overwrote is on the site no more: taking it is an edit here, which awaits an approval as any other. */
async function restoreTheirs(sync: SyncContext, stores: AccountStores, { conflict, fields }: Decision): Promise<void> {
  const head = await stores.content.get(conflict.contentId)
  if (head === undefined) return
  const lost = conflict.fields.filter(
    ({ field, theirs }) =>
      fields[field] === 'theirs' &&
      contentFieldNames.some((name) => name === field) &&
      !isSameJson(readField(head, field), theirs),
  )
  if (lost.length === 0) return
  const now = sync.account.clock.now()
  const edit = Object.fromEntries(lost.map(({ field, theirs }) => [field, theirs])) as Partial<ContentFields>
  const past = { accountId: head.accountId, contentId: head.id, version: head.version, createdAt: now }
  await stores.content.update(applyLocalEdit(head, edit, now), head.version)
  await stores.history.append([{ ...pickContentFields(head), ...past, actor: sync.actor }])
}

async function refreshOurs(sync: SyncContext, stores: AccountStores, conflict: Conflict, content: Content) {
  const fields = conflict.fields.map((field) => ({ ...field, ours: readField(content, field.field) }))
  const seen = { fields, contentVersion: content.version, updatedAt: sync.account.clock.now() }
  await stores.conflicts.update({ ...conflict, ...seen, version: conflict.version + 1 }, conflict.version)
}

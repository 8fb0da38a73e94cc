import { describeError } from '../errors/describe-error.ts'
import { Igny8Error } from '../errors/igny8-error.ts'
import { notFound } from '../errors/not-found.ts'
import type { StoredIntegration } from '../model/site-integration.ts'
import type { SyncRun } from '../model/sync-run.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { AccountStores } from '../ports/storage.ts'
import { createRunProgress, newSyncRun } from './run-progress.ts'
import type { SyncContext } from './sync-context.ts'
import { leaseLost, withLeaseOnceFree } from './with-lease.ts'

export interface RunRequest {
  readonly integrationId: string
  readonly kind: SyncRun['kind']
  readonly trigger: SyncRun['trigger']
  readonly actor: string
  readonly signal?: AbortSignal | undefined
  /** How long to wait for a run that is under way; 0: not at all. */
  readonly waitMs?: number | undefined
  /** The run's row where it was made beforehand, to wait for its turn in the background. */
  readonly waiting?: SyncRun | undefined
}

/** The phase of a run that no process works on yet. */
export const waitingPhase = 'waiting'

/** The integration, ready for work. Throws `NOT_FOUND`, `INTEGRATION_INACTIVE`, `INTEGRATION_PAUSED`. */
export async function loadActiveIntegration(
  context: AccountContext,
  integrationId: string,
  stores: Pick<AccountStores, 'integrations'> = context.storage,
): Promise<StoredIntegration> {
  const integration = await stores.integrations.get(integrationId)
  if (integration === undefined || integration.removedAt !== null) throw notFound('integration', integrationId)
  if (!integration.isActive) {
    throw new Igny8Error({
      code: 'INTEGRATION_INACTIVE',
      message: 'The integration is switched off.',
      hint: 'Switch it on: connections.update with isActive: true.',
      details: { integrationId },
    })
  }
  const paused =
    integration.pausedReason !== null &&
    (integration.pausedUntil === null || integration.pausedUntil > context.clock.now())
  if (paused) {
    throw new Igny8Error({
      code: 'INTEGRATION_PAUSED',
      message: `The integration is paused: ${integration.pausedReason}`,
      hint: 'Settle the reason, then connections.resume.',
      details: { integrationId },
    })
  }
  return integration
}

/** Ids of the integrations of a site that are switched on. */
export async function listActiveIntegrations(context: AccountContext, siteId: string): Promise<readonly string[]> {
  const page = await context.storage.integrations.list({ siteId, limit: 100 })
  return page.items.filter((integration) => integration.isActive).map((integration) => integration.id)
}

/**
 * One synchronisation of an integration: alone under its lease, with progress for all to read, its outcome on the run and on the
 * integration. Cancelled by the signal at the next step; what was committed stays.
 */
export async function runIntegration(
  context: AccountContext,
  request: RunRequest,
  work: (sync: SyncContext) => Promise<void>,
): Promise<SyncRun> {
  const { integrationId } = request
  await loadActiveIntegration(context, integrationId)
  return withLeaseOnceFree(
    context,
    `sync:${integrationId}`,
    { waitMs: request.waitMs ?? 0, signal: request.signal },
    () => syncRunning(integrationId),
    async (lease) => {
      const { integration, run } = await context.storage.transaction(async (stores) => {
        // Read again: the run that was waited for may have changed or paused it.
        const active = await loadActiveIntegration(context, integrationId, stores)
        const begun = await beginRun(context, stores, request)
        await setStatus(context, stores.integrations, active, { syncStatus: 'syncing', syncError: null })
        return { integration: active, run: begun }
      })
      const progress = createRunProgress(context, run)
      try {
        await context.storage.hostTables?.handOverWaiting()
        await work(
          await openSync(context, integration, {
            ...request,
            runId: run.id,
            progress,
            signal: lease.signal,
            guard: lease.guard,
          }),
        )
        return await finish(context, progress.current(), null)
      } catch (error) {
        const described = describeEnd(error, lease.signal, request.signal)
        await finish(context, progress.current(), described)
        throw described
      }
    },
  )
}

/** Why a run ended: what the loss of its lease cut short, nobody cancelled. */
function describeEnd(error: unknown, held: AbortSignal, asked: AbortSignal | undefined): Igny8Error {
  if (asked?.aborted === true) return cancelled(error)
  const described = describeError(error, 'REMOTE_FAILED')
  return held.aborted && described.code === 'CANCELLED' ? leaseLost(described) : described
}

async function beginRun(context: AccountContext, stores: AccountStores, request: RunRequest): Promise<SyncRun> {
  const phase = 'connecting'
  if (request.waiting === undefined) {
    const run = newSyncRun(context, { ...request, id: context.newId(), phase })
    await stores.runs.insert(run)
    return run
  }
  const run = { ...request.waiting, phase, heartbeatAt: context.clock.now() }
  if (await stores.runs.update(run)) return run
  throw new Igny8Error({
    code: 'SYNC_INTERRUPTED',
    message: 'This run was ended before it began.',
    hint: 'Start the sync again.',
    details: { runId: run.id },
  })
}

/** Opens the client and makes sure that the structure of the site is known. */
export async function openSync(
  context: AccountContext,
  integration: StoredIntegration,
  options: {
    readonly runId: string | null
    readonly actor: string
    readonly signal: AbortSignal
    readonly progress: SyncContext['progress']
    readonly guard: SyncContext['guard']
  },
): Promise<SyncContext> {
  const { traits } = context.platform(integration.platform)
  const client = await context.openClient(integration)
  const structure = integration.config.structure ?? (await client.readStructure({ signal: options.signal }))
  return {
    account: context,
    integration,
    structure,
    traits,
    client,
    progress: options.progress,
    runId: options.runId,
    actor: options.actor,
    signal: options.signal,
    knownTerms: new Map(),
    inTransaction: (work) => context.storage.transaction(work),
    guard: options.guard,
  }
}

/** The run's end, the integration's status and the event, together. One that another process has ended already, taking it for dead, is told of once: as that process told it. */
export async function finish(context: AccountContext, run: SyncRun, error: Igny8Error | null): Promise<SyncRun> {
  const now = context.clock.now()
  const status = error === null ? 'completed' : error.code === 'CANCELLED' ? 'cancelled' : 'failed'
  const ended: SyncRun = {
    ...run,
    status,
    phase: status,
    errorCode: error?.code ?? null,
    errorMessage: error?.message ?? null,
    errorHint: error?.hint ?? null,
    heartbeatAt: now,
    finishedAt: now,
  }
  const told = await context.storage.transaction(async (stores) => {
    if (!(await stores.runs.update(ended))) return (await stores.runs.get(run.id)) ?? ended
    const credentialsFailed = error?.code === 'AUTH_FAILED'
    const asks = error !== null && asksAPerson.has(error.code)
    if (asks)
      await stores.outbox.append([context.newEvent('integration.paused', run.integrationId, { code: error.code })])
    await setStatus(context, stores.integrations, await stores.integrations.get(run.integrationId), {
      syncStatus: status === 'failed' ? 'error' : 'completed',
      syncError: status === 'failed' ? (error?.message ?? null) : null,
      ...(status === 'completed' ? { lastSyncAt: now, connectionStatus: 'connected' as const } : {}),
      ...(credentialsFailed ? { connectionStatus: 'error' as const } : {}),
      ...(asks ? { pausedReason: `${error.message} ${error.hint ?? ''}`, pausedUntil: null } : {}),
    })
    await stores.outbox.append([
      context.newEvent(`sync.${status}`, run.integrationId, {
        runId: run.id,
        kind: run.kind,
        code: error?.code ?? null,
        ...ended.counts,
      }),
    ])
    return ended
  })
  context.committed()
  return told
}

/** What nobody but a person can decide: everything stops until they did. */
const asksAPerson = new Set<string>(['DELETIONS_SUSPECTED', 'SITE_RESTORED'])

async function setStatus(
  context: AccountContext,
  integrations: AccountContext['storage']['integrations'],
  integration: StoredIntegration | undefined,
  changes: Partial<StoredIntegration>,
): Promise<void> {
  if (integration === undefined) return
  await integrations.update(
    { ...integration, ...changes, version: integration.version + 1, updatedAt: context.clock.now() },
    integration.version,
  )
}

/** One synchronisation of a site at a time. */
export function syncRunning(integrationId: string): Igny8Error {
  return new Igny8Error({
    code: 'SYNC_RUNNING',
    message: 'This site is being synchronised already.',
    hint: 'Follow its progress with sync.status, and start again when it has ended.',
    retryable: true,
    details: { integrationId },
  })
}

function cancelled(cause: unknown): Igny8Error {
  return new Igny8Error({
    code: 'CANCELLED',
    message: 'The synchronisation was cancelled.',
    hint: 'Start it again: it goes on where it stood.',
    retryable: true,
    cause,
  })
}

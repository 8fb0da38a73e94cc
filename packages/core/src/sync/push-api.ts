import { describeError } from '../errors/describe-error.ts'
import { Igny8Error } from '../errors/igny8-error.ts'
import { notFound } from '../errors/not-found.ts'
import { parseInput } from '../errors/parse-input.ts'
import type { PushIntent } from '../model/push-intent.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { PushResult } from './push-content.ts'
import { type ManyOutcome, pushMany } from './push-many.ts'
import { pushUnderLease } from './push-under-lease.ts'
import { listActiveIntegrations, loadActiveIntegration, openSync } from './run-integration.ts'
import type { SyncContext } from './sync-context.ts'
import {
  type PushInput,
  type PushManyInput,
  pushManySchema,
  pushSchema,
  type UnpublishInput,
  unpublishSchema,
} from './sync-schemas.ts'
import { unguarded, unrecordedProgress } from './unrecorded-progress.ts'

/** What became of a push on each integration of the site. */
export type PushOutcome =
  | ({ readonly ok: true } & PushResult)
  | { readonly ok: false; readonly integrationId: string; readonly error: Igny8Error }

/** Sending contents to sites. */
export interface PushApi {
  /**
   * Pushes approved content. With `integrationId` a failure throws; without, every active integration of the site is tried and the
   * outcomes are told apart. Throws `NOT_APPROVED`, `CONFLICT_OPEN`, or what the site answered.
   */
  push(input: PushInput): Promise<readonly PushOutcome[]>
  /**
   * Pushes up to 1,000 approved contents, many in a request where the platform takes that. Every content has its outcome on every active integration of its site; a failure of
   * one does not stop the others, one that concerns the whole site does. Throws for unknown ids before anything is sent.
   */
  pushMany(input: PushManyInput): Promise<readonly ManyOutcome[]>
  /** Takes content off the public site: it becomes a draft there, and here `approved` again, or `draft`. Sends nothing else. */
  unpublish(input: UnpublishInput): Promise<readonly PushOutcome[]>
}

interface Requested {
  readonly integrationId?: string | undefined
  readonly actor: string
  readonly signal?: AbortSignal | undefined
}

export function createPushApi(context: AccountContext): PushApi {
  const { storage } = context

  async function open(integrationId: string, { actor, signal = new AbortController().signal }: Requested) {
    const integration = await loadActiveIntegration(context, integrationId)
    const progress = unrecordedProgress(context, integrationId)
    return openSync(context, integration, { runId: null, actor, signal, progress, guard: unguarded })
  }

  async function load(contentId: string) {
    const content = await storage.content.get(contentId)
    if (content === undefined || content.removedAt !== null) throw notFound('content', contentId)
    return content
  }

  async function integrationsOf(siteId: string): Promise<readonly string[]> {
    const ids = await listActiveIntegrations(context, siteId)
    if (ids.length === 0) throw noIntegration(siteId)
    return ids
  }

  async function pushOne(
    contentId: string,
    as: PushIntent['as'],
    requested: Requested,
  ): Promise<readonly PushOutcome[]> {
    const content = await load(contentId)
    const push = async (id: string) => {
      const opened = await open(id, requested)
      await context.foreseePushes(id)
      return pushUnderLease(opened, contentId, as)
    }
    if (requested.integrationId !== undefined) return [{ ok: true, ...(await push(requested.integrationId)) }]
    const outcomes: PushOutcome[] = []
    for (const integrationId of await integrationsOf(content.siteId)) {
      outcomes.push(
        await push(integrationId).then(
          (result): PushOutcome => ({ ok: true, ...result }),
          (error: unknown): PushOutcome => ({ ok: false, integrationId, error: describeError(error) }),
        ),
      )
    }
    const [only] = outcomes
    if (outcomes.length === 1 && only?.ok === false) throw only.error
    return outcomes
  }

  return {
    async push(input) {
      const { contentId, as, ...requested } = parseInput(pushSchema, input)
      return pushOne(contentId, as, requested)
    },
    async pushMany(input) {
      const { contentIds, as, ...requested } = parseInput(pushManySchema, input)
      const bySite = new Map<string, string[]>()
      for (const contentId of new Set(contentIds)) {
        const { siteId } = await load(contentId)
        bySite.set(siteId, [...(bySite.get(siteId) ?? []), contentId])
      }
      const targets: { readonly sync: SyncContext; readonly ids: readonly string[] }[] = []
      for (const [siteId, ids] of bySite) {
        const integrationIds =
          requested.integrationId === undefined ? await integrationsOf(siteId) : [requested.integrationId]
        for (const integrationId of integrationIds) targets.push({ sync: await open(integrationId, requested), ids })
      }
      const outcomes: ManyOutcome[] = []
      for (const { sync, ids } of targets) {
        const inputs = ids.map((contentId) => ({ contentId, as }))
        await context.foreseePushes(sync.integration.id)
        await pushMany(sync, inputs, async (outcome) => void outcomes.push(outcome))
      }
      return outcomes
    },
    async unpublish(input) {
      const { contentId, ...requested } = parseInput(unpublishSchema, input)
      return pushOne(contentId, 'unpublish', requested)
    },
  }
}

function noIntegration(siteId: string): Igny8Error {
  return new Igny8Error({
    code: 'INTEGRATION_INACTIVE',
    message: 'The site has no active integration.',
    hint: 'Connect it, or switch its integration on.',
    details: { siteId },
  })
}

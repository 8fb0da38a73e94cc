import { describeError } from '../errors/describe-error.ts'
import { Igny8Error } from '../errors/igny8-error.ts'
import { notFound } from '../errors/not-found.ts'
import type { Content } from '../model/content.ts'
import type { PushIntent } from '../model/push-intent.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { PushResult } from './push-content.ts'
import { pushUnderLease } from './push-under-lease.ts'
import { listActiveIntegrations, loadActiveIntegration, openSync } from './run-integration.ts'
import type { SyncContext } from './sync-context.ts'
import { unguarded, unrecordedProgress } from './unrecorded-progress.ts'

/** What became of a push on each integration of the site. */
export type PushOutcome =
  | ({ readonly ok: true } & PushResult)
  | { readonly ok: false; readonly integrationId: string; readonly error: Igny8Error }

/** Who pushes, and whereto. */
export interface PushRequest {
  readonly integrationId?: string | undefined
  readonly actor: string
  readonly signal?: AbortSignal | undefined
}

/** Pushing single contents, in every way there is. */
export interface OnePush {
  /** Opens an integration for work that no run records. Throws as `loadActiveIntegration` does. */
  open(integrationId: string, request: PushRequest): Promise<SyncContext>
  /** Throws `NOT_FOUND` for an unknown content, and for a removed one. */
  load(contentId: string): Promise<Content>
  /** Throws `INTEGRATION_INACTIVE` where there is none. */
  integrationsOf(siteId: string): Promise<readonly string[]>
  /** Throws the failure of the only integration; of several, the outcomes are told apart. */
  pushOne(contentId: string, as: PushIntent['as'], request: PushRequest): Promise<readonly PushOutcome[]>
}

/** Makes what pushes of single contents have in common. */
export function createOnePush(context: AccountContext): OnePush {
  const { storage } = context

  async function open(integrationId: string, { actor, signal = new AbortController().signal }: PushRequest) {
    const integration = await loadActiveIntegration(context, integrationId)
    const progress = unrecordedProgress(context, integrationId)
    return openSync(context, integration, { runId: null, actor, signal, progress, guard: unguarded })
  }

  /** What was removed here is still taken back from the site that is to publish it. */
  async function load(contentId: string, mayBeRemoved = false) {
    const content = await storage.content.get(contentId)
    if (content === undefined || (content.removedAt !== null && !mayBeRemoved)) throw notFound('content', contentId)
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
    requested: PushRequest,
  ): Promise<readonly PushOutcome[]> {
    const content = await load(contentId, as === 'unschedule')
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

  return { open, load, integrationsOf, pushOne }
}

function noIntegration(siteId: string): Igny8Error {
  return new Igny8Error({
    code: 'INTEGRATION_INACTIVE',
    message: 'The site has no active integration.',
    hint: 'Connect it, or switch its integration on.',
    details: { siteId },
  })
}

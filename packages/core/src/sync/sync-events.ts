import type { Igny8Error, Primitive } from '../errors/igny8-error.ts'
import type { SyncEvent } from '../model/sync-event.ts'
import type { AccountContext } from '../ports/account-context.ts'

export type SyncEventInput = Pick<
  SyncEvent,
  'integrationId' | 'runId' | 'eventType' | 'direction' | 'contentType' | 'contentId' | 'externalId' | 'actor'
> & {
  readonly error?: Igny8Error
  readonly metadata?: Readonly<Record<string, Primitive>>
}

/** One line of the spec's log: a success, or a failure with its reason. */
export function newSyncEvent(context: AccountContext, input: SyncEventInput): SyncEvent {
  const { error, metadata = {}, ...rest } = input
  return {
    ...rest,
    id: context.newId(),
    accountId: context.accountId,
    status: error === undefined ? 'success' : 'failed',
    errorCode: error?.code ?? null,
    errorMessage: error?.message ?? null,
    metadata: error?.hint === undefined ? metadata : { ...metadata, hint: error.hint },
    createdAt: context.clock.now(),
  }
}

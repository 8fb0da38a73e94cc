import type { Conflict } from '../model/conflict.ts'
import type { PullState } from '../model/pull-state.ts'
import type { PushIntent } from '../model/push-intent.ts'
import type { SyncEvent } from '../model/sync-event.ts'
import type { SyncLink } from '../model/sync-link.ts'
import type { SyncRun } from '../model/sync-run.ts'
import type { WebhookDelivery } from '../model/webhook-delivery.ts'
import { buildId, buildInstant, buildRowColumns, testAccountId } from './build-identity.ts'

/** Makes the link of the `number`th content, in sync since it was made. */
export function buildLink(overrides: Partial<SyncLink> = {}, number = 1): SyncLink {
  return {
    ...buildRowColumns(number),
    integrationId: buildId('integration'),
    kind: 'content',
    localId: buildId('content', number),
    externalId: String(1000 + number),
    externalType: 'post',
    localBase: { title: `Content ${number}` },
    remoteBase: { title: `Content ${number}` },
    remoteHash: `hash-${number}`,
    remoteModifiedAt: buildInstant(number),
    remoteStatus: 'publish',
    remoteUrl: `https://site-1.example/?p=${1000 + number}`,
    racy: false,
    verifiedAt: buildInstant(number),
    seenAt: null,
    deletedAt: null,
    ...overrides,
  }
}

/** Makes the intent to create the `number`th content on the site, with no request sent yet. */
export function buildPushIntent(overrides: Partial<PushIntent> = {}, number = 1): PushIntent {
  return {
    ...buildRowColumns(number),
    id: buildId('intent', number),
    integrationId: buildId('integration'),
    contentId: buildId('content', number),
    contentVersion: 1,
    as: 'publish',
    action: 'create',
    marker: `igny8-marker-${number}`,
    externalId: null,
    unresolvedSince: null,
    settleAt: null,
    sent: null,
    replaced: null,
    draftHash: null,
    finishedAt: null,
    ...overrides,
  }
}

/** Makes the open conflict of the `number`th content, over its title. */
export function buildConflict(overrides: Partial<Conflict> = {}, number = 1): Conflict {
  return {
    ...buildRowColumns(number),
    id: buildId('conflict', number),
    integrationId: buildId('integration'),
    contentId: buildId('content', number),
    externalId: String(1000 + number),
    status: 'open',
    fields: [{ field: 'title', base: 'Base', ours: 'Ours', theirs: 'Theirs' }],
    contentVersion: 1,
    remoteHash: `hash-${number}`,
    resolution: null,
    resolvedBy: null,
    resolvedAt: null,
    ...overrides,
  }
}

/** Makes the mark of the first integration's posts, first pull complete. */
export function buildPullState(overrides: Partial<PullState> = {}): PullState {
  return {
    accountId: testAccountId,
    integrationId: buildId('integration'),
    scope: 'post',
    firstPullOffset: null,
    mark: buildInstant(),
    rereadIds: [],
    timezone: 'Europe/Berlin',
    sweptAt: null,
    sweep: null,
    version: 1,
    updatedAt: buildInstant(),
    ...overrides,
  }
}

/** Makes the `number`th run of the first integration: a pull that is running. */
export function buildSyncRun(overrides: Partial<SyncRun> = {}, number = 1): SyncRun {
  return {
    id: buildId('run', number),
    accountId: testAccountId,
    integrationId: buildId('integration'),
    kind: 'pull',
    trigger: 'manual',
    actor: 'user-1',
    status: 'running',
    phase: 'connecting',
    done: 0,
    total: null,
    counts: {
      created: 0,
      updated: 0,
      unchanged: 0,
      deleted: 0,
      conflicts: 0,
      skipped: 0,
      failed: 0,
      taxonomies: 0,
      images: 0,
    },
    errorCode: null,
    errorMessage: null,
    errorHint: null,
    startedAt: buildInstant(number),
    heartbeatAt: buildInstant(number),
    finishedAt: null,
    ...overrides,
  }
}

/** Makes the `number`th event of the first integration: a successful push. */
export function buildSyncEvent(overrides: Partial<SyncEvent> = {}, number = 1): SyncEvent {
  return {
    id: buildId('event', number),
    accountId: testAccountId,
    integrationId: buildId('integration'),
    runId: null,
    eventType: 'content_push',
    direction: 'outbound',
    contentType: 'post',
    contentId: buildId('content', number),
    externalId: String(1000 + number),
    status: 'success',
    errorCode: null,
    errorMessage: null,
    actor: 'user-1',
    metadata: {},
    createdAt: buildInstant(number),
    ...overrides,
  }
}

/** Makes the `number`th webhook of the first integration: signed, an update. */
export function buildWebhookDelivery(overrides: Partial<WebhookDelivery> = {}, number = 1): WebhookDelivery {
  return {
    id: buildId('delivery', number),
    accountId: testAccountId,
    integrationId: buildId('integration'),
    action: 'post_updated',
    externalId: String(1000 + number),
    externalType: 'post',
    signed: true,
    receivedAt: buildInstant(number),
    ...overrides,
  }
}

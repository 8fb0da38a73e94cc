import type { DomainEvent } from '../model/domain-event.ts'
import type { Publication, QueueEntry } from '../model/publication.ts'
import type { PublishingSettings } from '../model/publishing-settings.ts'
import { buildId, buildInstant, buildRowColumns, testAccountId } from './build-identity.ts'

/** Makes the first site's settings: the spec's defaults. */
export function buildPublishingSettings(overrides: Partial<PublishingSettings> = {}): PublishingSettings {
  return {
    ...buildRowColumns(1),
    siteId: buildId('site'),
    autoApprovalEnabled: false,
    autoPublishEnabled: false,
    dailyPublishLimit: 5,
    weeklyPublishLimit: 20,
    monthlyPublishLimit: 60,
    publishDays: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
    publishTimeSlots: null,
    timezone: null,
    minGapMinutes: 0,
    distribution: 'earliest',
    catchUp: 'next-slot',
    weekStart: 'mon',
    count: 'scheduler',
    mode: 'tick',
    calendarKeyHash: null,
    ...overrides,
  }
}

/** Makes the `number`th content's place in the first site's queue. */
export function buildQueueEntry(overrides: Partial<QueueEntry> = {}, number = 1): QueueEntry {
  return {
    ...buildRowColumns(number),
    siteId: buildId('site'),
    contentId: buildId('content', number),
    priority: 0,
    approvedAt: buildInstant(number),
    pinnedAt: null,
    status: 'queued',
    attempts: 0,
    notBefore: null,
    lastErrorCode: null,
    ...overrides,
  }
}

/** Makes the `number`th content's unit of the first site's quota, reserved and counted when it was made. */
export function buildPublication(overrides: Partial<Publication> = {}, number = 1): Publication {
  const { accountId, createdAt, updatedAt } = buildRowColumns(number)
  return {
    id: buildId('publication', number),
    accountId,
    siteId: buildId('site'),
    contentId: buildId('content', number),
    status: 'reserved',
    countedAt: createdAt,
    pinned: false,
    forcedReason: null,
    createdAt,
    updatedAt,
    ...overrides,
  }
}

/** Makes the `number`th event for hosts. */
export function buildDomainEvent(overrides: Partial<DomainEvent> = {}, number = 1): DomainEvent {
  return {
    id: buildId('domainEvent', number),
    accountId: testAccountId,
    type: 'content.approved',
    subjectId: buildId('content', number),
    data: {},
    createdAt: buildInstant(number),
    ...overrides,
  }
}

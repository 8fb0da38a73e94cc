import type { PublishingSettings } from '../model/publishing-settings.ts'
import { weekdays } from './local-date.ts'

/** The settings of a site that nobody has set. */
export function defaultPublishingSettings(accountId: string, siteId: string, now: Date): PublishingSettings {
  return {
    accountId,
    siteId,
    autoApprovalEnabled: false,
    autoPublishEnabled: false,
    dailyPublishLimit: 5,
    weeklyPublishLimit: 20,
    monthlyPublishLimit: 60,
    publishDays: weekdays,
    publishTimeSlots: null,
    timezone: null,
    minGapMinutes: 0,
    distribution: 'earliest',
    catchUp: 'next-slot',
    weekStart: 'mon',
    count: 'scheduler',
    mode: 'tick',
    calendarKeyHash: null,
    version: 1,
    createdAt: now,
    updatedAt: now,
  }
}

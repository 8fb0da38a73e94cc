import { buildInstant, buildPublication, buildQueueEntry } from '@igny8/core/testing'
import { describe, expect, it } from 'vitest'
import { connectToFakePlatform } from '../core/connected-account.ts'

async function start() {
  const world = await connectToFakePlatform()
  const { publishing } = world.account
  const { settings } = await publishing.settings.getOrCreateForSite(world.site.id)
  type Changes = Parameters<typeof publishing.settings.update>[0]['changes']
  const update = (changes: Changes, version = settings.version) =>
    publishing.settings.update({ siteId: world.site.id, version, changes })
  return { ...world, publishing, settings, update }
}

describe('publishing settings', () => {
  it('are made once, with the defaults of the spec', async () => {
    const { account, site } = await connectToFakePlatform()
    await expect(account.publishing.settings.get(site.id)).rejects.toMatchObject({
      code: 'NOT_FOUND',
      hint: expect.stringContaining('getOrCreateForSite'),
    })
    const first = await account.publishing.settings.getOrCreateForSite(site.id)
    expect(first).toMatchObject({
      created: true,
      settings: {
        siteId: site.id,
        autoApprovalEnabled: false,
        autoPublishEnabled: false,
        dailyPublishLimit: 5,
        weeklyPublishLimit: 20,
        monthlyPublishLimit: 60,
        publishDays: ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'],
        publishTimeSlots: null,
        version: 1,
      },
    })
    expect(await account.publishing.settings.getOrCreateForSite(site.id)).toEqual({ ...first, created: false })
    expect(await account.publishing.settings.get(site.id)).toEqual(first.settings)
  })

  it('belong to a site of the account', async () => {
    const { igny8, site } = await connectToFakePlatform()
    const other = igny8.forAccount('other').publishing.settings
    for (const siteId of ['nowhere', site.id])
      await expect(other.getOrCreateForSite(siteId)).rejects.toMatchObject({ code: 'NOT_FOUND' })
  })

  it('change by version', async () => {
    const { update, publishing, site } = await start()
    const changed = await update({ dailyPublishLimit: null, publishDays: ['fri', 'mon', 'fri'] })
    expect(changed).toMatchObject({ settings: { dailyPublishLimit: null, publishDays: ['mon', 'fri'], version: 2 } })
    expect(await publishing.settings.get(site.id)).toEqual(changed.settings)
    await expect(update({ dailyPublishLimit: 1 })).rejects.toMatchObject({
      code: 'VERSION_CONFLICT',
      hint: expect.stringContaining('Read it again'),
    })
    const outcomes = await Promise.allSettled([1, 2, 3].map((limit) => update({ dailyPublishLimit: limit }, 2)))
    expect(outcomes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  })

  it('that overlap are stored as one, and it is said', async () => {
    const { update } = await start()
    const publishTimeSlots = [
      { start: '11:00', end: '24:00' },
      { start: '09:00', end: '12:00' },
    ]
    expect(await update({ publishTimeSlots })).toMatchObject({
      settings: { publishTimeSlots: [{ start: '09:00', end: '00:00' }] },
      warnings: [{ code: 'SLOTS_MERGED', message: '09:00–12:00 and 11:00–00:00 overlap and were made one slot.' }],
    })
  })

  it('warn where the zone is not that of the site', async () => {
    const { update } = await start()
    expect(codesOf((await update({ timezone: 'Pacific/Apia' })).warnings)).toEqual(['ZONE_DIFFERS_FROM_SITE'])
    expect(codesOf((await update({ timezone: null }, 2)).warnings)).toEqual([])
  })

  it.each([
    ['an unknown day', { publishDays: ['monday'] }, 'publishDays.0: is not a day; days are mon, tue'],
    ['no day', { publishDays: [] }, 'publishDays: is empty, so nothing would ever be published; name a day'],
    ['no slot', { publishTimeSlots: [] }, 'publishTimeSlots: is empty'],
    ['a malformed time', { publishTimeSlots: [{ start: '9:00', end: '10:00' }] }, 'start: is not a time; write HH:MM'],
    ['an hour that is none', { publishTimeSlots: [{ start: '09:00', end: '25:00' }] }, 'end: is not a time'],
    ['24:00 as a start', { publishTimeSlots: [{ start: '24:00', end: '10:00' }] }, 'start: is not a time'],
    ['an unknown zone', { timezone: 'Mars/Olympus' }, 'timezone: is not a known time zone; give an IANA name'],
    ['a negative limit', { dailyPublishLimit: -1 }, 'dailyPublishLimit: must be a whole number'],
    ['a broken limit', { weeklyPublishLimit: 1.5 }, 'weeklyPublishLimit: must be a whole number'],
    ['a negative gap', { minGapMinutes: -5 }, 'minGapMinutes: must be whole minutes'],
    ['an unknown field', { dailyLimit: 5 }, 'dailyLimit'],
    ['a field of ours', { version: 7 }, 'version'],
  ])('refuse %s and name the fix', async (_what, changes, message) => {
    const { update, publishing, site, settings } = await start()
    await expect(update(changes as never)).rejects.toMatchObject({
      code: 'INVALID_INPUT',
      message: expect.stringContaining(message),
    })
    expect(await publishing.settings.get(site.id)).toEqual(settings)
  })
})

describe('the scheduler of an account', () => {
  it('previews, explains and shows a month of what is stored', async () => {
    const { update, publishing, storage, site, clock } = await start()
    await update({ autoPublishEnabled: true, timezone: 'UTC', publishTimeSlots: [{ start: '09:00', end: '10:00' }] })
    const stores = storage.forAccount('acct')
    const own = { accountId: 'acct', siteId: site.id }
    const now = clock.now()
    const waiting = { ...own, approvedAt: now, createdAt: now }
    for (let number = 1; number <= 600; number++)
      await stores.publicationQueue.put(buildQueueEntry({ ...waiting, contentId: `content ${number}` }, number))
    const published = buildPublication({ ...own, status: 'published', contentId: 'done', countedAt: now })
    await stores.publications.reserve({ publication: published, buckets: [] })

    const preview = await publishing.preview(site.id)
    expect(preview.items).toHaveLength(600)
    const [first] = preview.items
    expect(first?.local).toMatch(/T09:15:00\+00:00$/)
    const explained = await publishing.explain(first?.contentId ?? '')
    expect(explained.at).toEqual(first?.at)
    const [year = 0, month = 0] = now.toISOString().split('-').map(Number)
    const days = await publishing.calendar({ siteId: site.id, year, month })
    expect(days.flatMap(({ items }) => items).filter(({ contentId }) => contentId === 'done')).toHaveLength(1)
    await expect(publishing.explain('nothing')).rejects.toMatchObject({
      code: 'NOT_FOUND',
      hint: expect.stringContaining('publishing.enqueue'),
    })
    await expect(publishing.preview('nowhere')).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(publishing.calendar({ siteId: site.id, year, month: 13 })).rejects.toMatchObject({
      code: 'INVALID_INPUT',
    })
  })

  it('shows a month that is over', async () => {
    const { publishing, storage, site } = await start()
    const stores = storage.forAccount('acct')
    const earlier = buildPublication({ accountId: 'acct', siteId: site.id, countedAt: buildInstant(-86_400 * 3) })
    await stores.publications.reserve({ publication: { ...earlier, status: 'published' }, buckets: [] })
    const [year = 0, month = 0] = buildInstant(-86_400 * 3)
      .toISOString()
      .split('-')
      .map(Number)
    const days = await publishing.calendar({ siteId: site.id, year, month })
    expect(days.flatMap(({ items }) => items)).toHaveLength(1)
  })
})

const codesOf = (warnings: readonly { readonly code: string }[]) => warnings.map(({ code }) => code)

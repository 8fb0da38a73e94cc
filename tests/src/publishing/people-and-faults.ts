import { Igny8Error, type PublishingSettings, type Weekday } from '@igny8/core'
import { startWithFakePlatform } from '../core/connected-account.ts'
import { createDice, type Dice } from '../kills/dice.ts'
import { openPublishingWorld } from './publishing-world.ts'

const minuteMs = 60_000
const hourMs = 60 * minuteMs
const daily = 2
const slot = { start: '08:00', end: '20:00' }
const allDays = ['mon', 'tue', 'wed', 'thu', 'fri', 'sat', 'sun'] as const
/** Of the calls of the site, before and after it has done its work. */
const faultShare = 0.12

interface People {
  readonly world: Awaited<ReturnType<typeof openPublishingWorld>>
  /** Those of two processes. */
  readonly accounts: readonly Awaited<ReturnType<typeof openPublishingWorld>>['account'][]
  readonly ids: string[]
  /** What a person has published past the plan. */
  readonly byHand: Set<string>
}

/**
 * People who write, approve, reject, pin, publish, remove and restore, two processes that tick and synchronise, and a site of which every tenth call fails; then nothing fails any
 * more, nothing is limited, and hours pass. Returns what is then not as it has to be, and what was done. The same seed goes the same way.
 */
export async function runPeopleAndFaults(
  seed: number,
  mode: PublishingSettings['mode'],
): Promise<{ readonly problems: readonly string[]; readonly deeds: readonly string[] }> {
  const dice = createDice(`people and faults ${seed}`)
  const world = await openPublishingWorld({
    mode,
    dailyPublishLimit: daily,
    weeklyPublishLimit: null,
    monthlyPublishLimit: null,
    publishTimeSlots: [slot],
    count: dice.pick(['scheduler', 'library', 'site'] as const) ?? 'site',
  })
  const integrationId = world.integration.id
  const deletions = dice.pick(['keep', 'trash', 'delete'] as const) ?? 'keep'
  await world.account.connections.update({ integrationId, changes: { config: { deletions } } })
  const beside = await startWithFakePlatform({ started: false, beside: world })
  const people: People = { world, accounts: [world.account, beside.account], ids: [], byHand: new Set() }
  const deeds: string[] = []
  world.platform.interfere = { before: () => fail(dice, false), after: () => fail(dice, true) }
  for (let step = 0; step < 60; step++) {
    const at = world.clock.now().toISOString().slice(5, 19)
    const deed = await doSomething(people, dice).catch((error: unknown) => String(error))
    deeds.push(`${at} ${deed}`)
    if (dice.chance(0.5))
      await Promise.allSettled(people.accounts.map(({ publishing }) => publishing.tick(world.siteId)))
    await world.clock.advance(dice.pick([1_000, 30_000, 5 * minuteMs, hourMs, 3 * hourMs]) ?? 0)
  }
  const exceeded = await listExceeded(people)
  await comeToRest(people)
  return { problems: [...exceeded, ...(await listProblems(people))], deeds }
}

function fail(dice: Dice, isDone: boolean): void {
  if (!dice.chance(faultShare)) return
  const isUnknown = isDone || dice.chance(0.5)
  const code = isUnknown ? 'TIMEOUT' : 'RATE_LIMITED'
  throw new Igny8Error({ code, message: 'It fails.', effect: isUnknown ? 'unknown' : 'none', retryable: true })
}

/** Says what was done. Throws what the SDK refuses, and what fails. */
async function doSomething({ world, accounts, ids, byHand }: People, dice: Dice): Promise<string> {
  const account = dice.pick(accounts) ?? world.account
  const { content, publishing } = account
  const id = dice.pick(ids)
  if (id === undefined || dice.chance(0.2)) {
    const created = await content.create({ siteId: world.siteId, type: 'post', title: `T${ids.length}` })
    ids.push(created.id)
    await content.approve(created.id)
    return `create ${ids.length - 1}`
  }
  const { version, title } = await content.get(id)
  const deeds: Readonly<Record<string, () => Promise<unknown>>> = {
    edit: () => content.update({ contentId: id, version, changes: { title: `${title}'` } }),
    approve: () => content.approve(id),
    reject: () => content.reject(id),
    unschedule: () => publishing.unschedule({ contentId: id }),
    pin: () =>
      publishing.reschedule({
        contentId: id,
        at: new Date(world.clock.now().getTime() + dice.between(0, 72) * hourMs),
      }),
    plan: () => publishing.reschedule({ contentId: id, at: null }),
    remove: () => content.remove(id),
    restore: () => content.restore(id),
    'publish now': () => {
      byHand.add(id)
      return publishing.publishNow({ contentId: id, force: { reason: 'Somebody wants it.' } })
    },
    'edit on the site': async () => {
      const item = await findItem(world, id)
      if (item !== undefined) world.platform.edit(item.externalId, { excerpt: `by the site ${dice.between(0, 999)}` })
    },
    'change the settings': () => changeSettings(account.publishing, world.siteId, dice),
    synchronise: () => account.sync.run({ integrationId: world.integration.id }),
  }
  const name = dice.pick(Object.keys(deeds)) ?? 'approve'
  await deeds[name]?.()
  return `${name} ${ids.indexOf(id)}`
}

/** Nothing goes out by itself any more, or on some days only. */
async function changeSettings({ settings }: People['world']['publishing'], siteId: string, dice: Dice): Promise<void> {
  const { version } = await settings.get(siteId)
  const changes = {
    autoPublishEnabled: dice.chance(0.7),
    publishDays: dice.pick<readonly Weekday[]>([allDays, ['mon', 'wed'], ['tue', 'thu', 'sun']]) ?? allDays,
  }
  await settings.update({ siteId, version, changes })
}

async function findItem({ stores, integration, platform }: People['world'], contentId: string) {
  const [link] = await stores.links.findByLocalIds(integration.id, 'content', [contentId])
  return link === undefined ? undefined : platform.items.get(link.externalId)
}

async function comeToRest({ world }: People): Promise<void> {
  const { siteId, publishing, account } = world
  world.platform.interfere = {}
  const { version } = (await publishing.settings.getOrCreateForSite(siteId)).settings
  await publishing.settings.update({ siteId, version, changes: { dailyPublishLimit: null } })
  for (let look = 0; look < 30; look++) {
    await publishing.tick(siteId)
    if (look % 5 === 0) await account.sync.run({ integrationId: world.integration.id })
    await world.clock.advance(5 * minuteMs)
  }
  await publishing.tick(siteId)
}

/** Days with more units than the limit, but for those of what was published by hand. */
async function listExceeded({ world, ids, byHand }: People): Promise<readonly string[]> {
  const units = await world.stores.publications.findMany(ids.filter((id) => !byHand.has(id)))
  const counted = units.filter(({ forcedReason }) => forcedReason === null)
  const days = Map.groupBy(counted, ({ countedAt }) => countedAt.toISOString().slice(0, 10))
  return [...days].flatMap(([day, { length }]) => (length > daily ? [`${day} has ${length}`] : []))
}

function isAllowed({ autoPublishEnabled, publishDays }: PublishingSettings, at: Date): boolean {
  const day = allDays[(at.getUTCDay() + 6) % 7]
  const time = at.toISOString().slice(11, 16)
  return autoPublishEnabled && day !== undefined && publishDays.includes(day) && slot.start <= time && time < slot.end
}

async function listProblems({ world, ids, byHand }: People): Promise<readonly string[]> {
  const problems: string[] = []
  const settings = await world.publishing.settings.get(world.siteId)
  for (const [number, id] of ids.entries()) {
    const content = await world.account.content.get(id)
    const unit = await world.stores.publications.find(id)
    const entry = await world.stores.publicationQueue.get(id)
    const item = await findItem(world, id)
    const isContested = (await world.stores.conflicts.findOpen(world.integration.id, id)) !== undefined
    const isWanted = content.removedAt === null && content.approvedHash !== null
    const hasDate = item?.state === 'scheduled'
    const isDateOfUnit = unit?.status === 'handed-over' && unit.countedAt.getTime() === item?.publishedAt?.getTime()
    const wrong = Object.entries({
      'the site has a date that nobody counts': hasDate && !isDateOfUnit,
      'the site has a date for what nobody wants': hasDate && (!isWanted || entry?.status !== 'queued'),
      'the site has a date that the settings do not allow':
        unit?.status === 'handed-over' && entry?.pinnedAt === null && !isAllowed(settings, unit.countedAt),
      'what counts as handed over is not with the site': unit?.status === 'handed-over' && !hasDate,
      'nobody knows whether it was published': unit?.status === 'verifying',
      'it is published, and waits to be': unit?.status === 'published' && entry !== undefined,
      'it is being published for ever': content.status === 'publishing',
      'it is scheduled, and nothing waits':
        content.status === 'scheduled' && entry === undefined && isWanted && !isContested,
      // What somebody publishes by hand, or on the site, leaves the queue when its turn comes.
      'it waits, and is not scheduled':
        entry?.status === 'queued' && content.status !== 'scheduled' && content.status !== 'published',
      'it was to be taken back': entry?.status === 'withdrawn' || entry?.status === 'recalled',
      'it was published, and nobody counts it':
        item?.state === 'published' && unit?.status !== 'published' && !byHand.has(id),
    })
    for (const [what, isWrong] of wrong)
      if (isWrong)
        problems.push(
          `${number}: ${what} (${content.status}, unit ${unit?.status}, entry ${entry?.status}, item ${item?.state})`,
        )
  }
  const living = [...world.platform.items.values()].filter(({ state }) => state !== 'trashed')
  const titles = living.map(({ fields }) => fields.title.replaceAll("'", ''))
  return new Set(titles).size === titles.length ? problems : [...problems, `doubled: ${titles.join()}`]
}

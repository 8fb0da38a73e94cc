import type { Account } from '@igny8/core'
import type { Narrator } from './show-progress.ts'

const titles = [
  'Monday’s tide',
  'A quiet pier',
  'Nets and knots',
  'The late ferry',
  'Fog at noon',
  'Lights out',
] as const

/** Plans a week of content, says why the last one waits, and lets the days pass until all is published. Returns the ids, and where the plan was not kept. */
export async function publishWeek(
  account: Account,
  siteId: string,
  clock: { now(): Date; advanceTo(instant: Date): void },
  narrator: Narrator,
): Promise<{ readonly contentIds: readonly string[]; readonly problems: readonly string[] }> {
  const { settings } = await account.publishing.settings.getOrCreateForSite(siteId)
  await account.publishing.settings.update({
    siteId,
    version: settings.version,
    changes: {
      autoPublishEnabled: true,
      dailyPublishLimit: 2,
      minGapMinutes: 15,
      publishDays: ['mon', 'wed', 'fri'],
      publishTimeSlots: [{ start: '09:00', end: '17:00' }],
    },
  })
  const contentIds: string[] = []
  for (const title of titles) {
    const body = `<!-- wp:paragraph -->\n<p>${title}, in its own time.</p>\n<!-- /wp:paragraph -->`
    const { id } = await account.content.create({ siteId, type: 'post', title, body })
    await account.content.approve(id)
    contentIds.push(id)
  }
  const { items, zone } = await account.publishing.preview(siteId)
  const planned = new Map(items.map((item) => [item.contentId, item.at?.getTime() ?? 0]))
  for (const [index, id] of contentIds.entries())
    narrator.say(`   ${items.find((item) => item.contentId === id)?.local ?? 'never'}  ${titles[index]}`)
  narrator.say(`   (in ${zone}) ${(await account.publishing.explain(contentIds.at(-1) ?? '')).text}`)

  const problems: string[] = []
  for (const instant of [...new Set(planned.values())].sort((one, other) => one - other)) {
    clock.advanceTo(new Date(instant))
    await account.publishing.tick(siteId)
    for (const [contentId, at] of planned) {
      const { status, title } = await account.content.get(contentId)
      const expected = at <= instant ? 'published' : 'scheduled'
      if (status !== expected) problems.push(`"${title}" was ${status} when the plan said ${expected}`)
    }
  }
  return { contentIds, problems }
}

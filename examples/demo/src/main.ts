import { randomBytes } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { isIgny8Error } from '@igny8/core'
import { type RunningWordPress, startWordPress } from '@igny8-tools/wordpress'
import { seedSite } from '@igny8-tools/wordpress/seed-site'
import { killInMidPull } from './kill-and-continue.ts'
import { createLeapingClock } from './leaping-clock.ts'
import { createForgetfulNetwork } from './lose-answers.ts'
import { openSdk, type SdkOptions } from './open-sdk.ts'
import { publishWeek } from './publish-week.ts'
import { type DemoArguments, readArguments, usage } from './read-arguments.ts'
import { type ActsReport, runActs } from './run-acts.ts'
import { serveImage } from './serve-image.ts'
import { createNarrator, type Narrator } from './show-progress.ts'
import { verifySite } from './verify-site.ts'

/** Runs the demo and prints what happened. Returns whether the check passed. */
async function demo(options: DemoArguments): Promise<boolean> {
  const narrator = createNarrator()
  const startedAt = performance.now()
  narrator.say(`Starting WordPress ${options.version} (${options.database}); the first start downloads it`)
  const wordpress = await startWordPress({
    version: options.version,
    database: options.database,
    onProgress: (line) => narrator.say(`   ${line}`),
  })
  try {
    await seedSite(wordpress, { posts: 240, pages: 30 })
    const { acts, problems } = await perform(wordpress, narrator)
    const seconds = Math.round((performance.now() - startedAt) / 100) / 10
    report(options, wordpress, acts, problems, seconds)
    if (options.keep) await untilInterrupted(narrator, wordpress)
    return problems.length === 0
  } finally {
    await wordpress.stop()
  }
}

async function perform(wordpress: RunningWordPress, narrator: Narrator) {
  const image = await serveImage()
  const network = createForgetfulNetwork()
  const directory = await mkdtemp(join(tmpdir(), 'igny8-demo-'))
  const sdk = {
    dataDir: join(directory, 'data'),
    key: randomBytes(32).toString('base64'),
    allow: [wordpress.url, image.origin],
  }
  try {
    const connected = await connectSite(sdk, wordpress, narrator)
    narrator.say('2. Another process pulls the site and is killed half-way (SIGKILL); this one carries on')
    const survived = await killInMidPull({ ...sdk, integrationId: connected.integrationId })
    const clock = createLeapingClock()
    const { igny8, close } = openSdk({ ...sdk, fetch: network.fetch, clock })
    try {
      await igny8.start()
      const account = igny8.forAccount('demo')
      const acts = await runActs(account, wordpress, { ...connected, survived }, image.url, network, narrator)
      narrator.say('8. Plan a week of content, and let the week pass on a fast clock')
      const week = await publishWeek(account, acts.siteId, clock, narrator)
      narrator.say('9. Check against the tables of WordPress')
      const problems = [...week.problems, ...(await verifySite(account, wordpress, acts, week.contentIds))]
      const downloads = image.requests()
      const counts = { ...acts.counts, scheduled: week.contentIds.length }
      return {
        acts: { ...acts, counts },
        problems: downloads === 1 ? problems : [...problems, `the image was downloaded ${downloads} times`],
      }
    } finally {
      await close()
    }
  } finally {
    await image.close()
    await rm(directory, { recursive: true, force: true, maxRetries: 3 })
  }
}

/** The connection is tested first, and saved only then. */
async function connectSite(sdk: SdkOptions, wordpress: RunningWordPress, narrator: Narrator) {
  const { igny8, close } = openSdk(sdk)
  try {
    await igny8.start()
    narrator.say('\n1. Connect: test first, then save')
    const { username, applicationPassword } = wordpress.users.admin
    const { site, integration, report } = await igny8
      .forAccount('demo')
      .connections.connect({ platform: 'wordpress', url: wordpress.url, username, applicationPassword })
    const { siteName, platformVersion, user, roles, timezone } = report
    narrator.say(`   ${siteName}: WordPress ${platformVersion}, ${user.name} (${roles.join(', ')}), zone ${timezone}`)
    return { siteId: site.id, integrationId: integration.id }
  } finally {
    await close()
  }
}

function report(
  options: DemoArguments,
  wordpress: RunningWordPress,
  acts: ActsReport,
  problems: readonly string[],
  seconds: number,
): void {
  const verified = problems.length === 0
  if (options.json) {
    console.log(
      JSON.stringify({
        wordpressVersion: wordpress.version,
        database: wordpress.database,
        ...acts.counts,
        seconds,
        verified,
        problems,
        url: wordpress.url,
      }),
    )
    return
  }
  console.table({ ...acts.counts, seconds })
  console.log(
    verified ? 'Verified: what WordPress holds is what the SDK says.' : `NOT verified:\n  ${problems.join('\n  ')}`,
  )
}

async function untilInterrupted(narrator: Narrator, wordpress: RunningWordPress): Promise<void> {
  const { username, password } = wordpress.users.admin
  narrator.say(`\nLook at it: ${wordpress.url}/wp-admin/ (${username} / ${password}). Ctrl-C ends it.`)
  await new Promise<void>((resolve) => {
    const alive = setInterval(() => undefined, 60_000)
    process.once('SIGINT', () => {
      clearInterval(alive)
      resolve()
    })
  })
}

try {
  const options = readArguments(process.argv.slice(2))
  if (options === null) console.log(usage)
  else process.exitCode = (await demo(options)) ? 0 : 1
} catch (error) {
  console.error(error instanceof Error ? error.message : error)
  if (isIgny8Error(error) && error.hint !== undefined) console.error(error.hint)
  if (!isIgny8Error(error)) console.error(usage)
  process.exitCode = 2
}

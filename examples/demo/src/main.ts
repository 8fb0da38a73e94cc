import { randomBytes } from 'node:crypto'
import { createIgny8, isIgny8Error } from '@igny8/core'
import { createMemoryStorage } from '@igny8/storage-memory'
import { createWordPressAdapter } from '@igny8/wordpress'
import { type RunningWordPress, startWordPress } from '@igny8-tools/wordpress'
import { seedSite } from '@igny8-tools/wordpress/seed-site'
import { createForgetfulNetwork } from './lose-answers.ts'
import { type DemoArguments, readArguments, usage } from './read-arguments.ts'
import { type ActsReport, runActs } from './run-acts.ts'
import { serveImage } from './serve-image.ts'
import { createNarrator, type Narrator } from './show-progress.ts'
import { verifySite } from './verify-site.ts'

/** Runs the demo and prints what happened. Returns whether the check passed. */
async function demo(options: DemoArguments): Promise<boolean> {
  const narrator = createNarrator(options.json)
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
  const igny8 = createIgny8({
    storage: createMemoryStorage(),
    platforms: [createWordPressAdapter()],
    encryption: { keys: [{ id: 'demo', secret: randomBytes(32).toString('base64') }] },
    outbound: { allow: [wordpress.url, image.origin] },
    fetch: network.fetch,
  })
  try {
    await igny8.start()
    const account = igny8.forAccount('demo')
    const acts = await runActs(account, wordpress, image.url, network, narrator)
    narrator.say('8. Check against the tables of WordPress')
    const problems = await verifySite(account, wordpress, acts)
    return {
      acts,
      problems: image.requests() === 1 ? problems : [...problems, `the image was downloaded ${image.requests()} times`],
    }
  } finally {
    await igny8.stop({ drainMs: 1_000 })
    await image.close()
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

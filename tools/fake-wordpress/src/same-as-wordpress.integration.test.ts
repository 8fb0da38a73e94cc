import { type Database, type RunningWordPress, startWordPress, type WordPressVersion } from '@igny8-tools/wordpress'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { generateSteps } from './generated-steps.ts'
import { asides } from './scripts/asides.ts'
import { authors, batches } from './scripts/batches.ts'
import { lists } from './scripts/lists.ts'
import { media } from './scripts/media.ts'
import { dates, lifeOfPosts, registeredMeta, slugs } from './scripts/posts.ts'
import { refusals } from './scripts/refusals.ts'
import { terms } from './scripts/terms.ts'
import { type Aside, createTwoSites, type Step, type TwoSites } from './two-sites.ts'

const scripts = { refusals, lifeOfPosts, slugs, dates, registeredMeta, lists, terms, media, batches, authors, asides }

const sites: readonly (readonly [WordPressVersion, Database])[] = [
  ['7.1', 'mariadb'],
  ['6.8', 'sqlite'],
]

// Starts servers, so only where they are asked for: IGNY8_REQUIRE_SERVICES=1.
describe.skipIf(process.env.IGNY8_REQUIRE_SERVICES !== '1').each(sites)(
  'the fake answers as WordPress %s on %s',
  (version, database) => {
    let real: RunningWordPress | undefined
    let both: TwoSites | undefined

    beforeAll(async () => {
      real = await startWordPress({ version, database })
      both = await createTwoSites(real)
    })
    afterAll(() => real?.stop())

    it.each(Object.entries(scripts))('to the script %s', async (_name, steps) => {
      expect(await run(steps)).toEqual([])
    })

    it.each([1, 2])('to the steps that the seed %i makes', async (seed) => {
      expect(await run(generateSteps(seed, 120))).toEqual([])
    })

    async function run(steps: readonly (Step | Aside)[]): Promise<readonly string[]> {
      const differences: string[] = []
      for (const [index, step] of steps.entries()) {
        if (both === undefined) throw new Error('The sites are there inside tests only.')
        if ('php' in step) {
          await both.act(step)
          continue
        }
        const found = await both.send(step)
        const { method = step.body === undefined ? 'GET' : 'POST', path, user = 'admin' } = step
        const body = step.body === undefined ? '' : ` ${JSON.stringify(step.body).slice(0, 300)}`
        differences.push(
          ...found.map((line) => `${index} ${method} ${path.slice(0, 300)}${body} (${user})\n    ${line}`),
        )
      }
      // Each leads to more: the first ones tell.
      return differences.slice(0, 20)
    }
  },
)

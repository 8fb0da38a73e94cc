import { describe, it } from 'vitest'
import { createSilentLogger } from '../adapter-kit/silent-logger.ts'
import { createFakeClock } from '../testing/create-fake-clock.ts'
import { createSeededRandom } from '../testing/create-seeded-random.ts'
import { jobQueueContract } from '../testing/job-queue-contract.ts'
import { createInProcessJobs } from './create-in-process-jobs.ts'

jobQueueContract({
  describe,
  it,
  async createJobs() {
    const clock = createFakeClock()
    const jobs = createInProcessJobs({ clock, random: createSeededRandom(1), logger: createSilentLogger() })
    return { jobs, now: () => clock.now(), pass: (ms) => clock.advance(ms) }
  },
})

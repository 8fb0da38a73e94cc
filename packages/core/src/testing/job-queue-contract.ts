import { attemptsContract } from './job-queue-contract-attempts.ts'
import { deadJobsContract } from './job-queue-contract-dead.ts'
import { deliveryContract } from './job-queue-contract-delivery.ts'
import { schedulesContract } from './job-queue-contract-schedules.ts'
import { stopContract } from './job-queue-contract-stop.ts'
import { createJobQueueSuite, type JobQueueContractOptions } from './job-queue-contract-suite.ts'
import { turnsContract } from './job-queue-contract-turns.ts'

/**
 * Defines the tests that every `JobQueue` must pass, on your queue, in your test runner. With a fake clock they take no time; where
 * time is real, they wait for what must happen, up to `patienceMs`.
 *
 * @example
 * import { describe, it } from 'vitest'
 * jobQueueContract({ describe, it, createJobs: async () => ({ jobs: myJobs(), now: () => new Date(), pass: setTimeout }) })
 */
export function jobQueueContract(options: JobQueueContractOptions): void {
  options.describe('job queue contract', () => {
    const suite = createJobQueueSuite(options)
    deliveryContract(suite)
    turnsContract(suite)
    attemptsContract(suite)
    deadJobsContract(suite)
    schedulesContract(suite)
    stopContract(suite)
  })
}

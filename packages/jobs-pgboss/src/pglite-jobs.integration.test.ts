import { setTimeout } from 'node:timers/promises'
import { PGlite } from '@electric-sql/pglite'
import { jobQueueContract } from '@igny8/core/testing'
import { afterAll, describe, it } from 'vitest'
import { createPgBossJobs } from './create-pg-boss-jobs.ts'

const pglite = new PGlite()
afterAll(() => pglite.close())

jobQueueContract({
  describe,
  it: (name, run) => it(name, run, 200_000),
  waitsForCron: false,
  async createJobs() {
    const openPeer = async () => createPgBossJobs({ pglite, pollMs: 200 })
    return {
      jobs: await openPeer(),
      openPeer,
      now: () => new Date(),
      pass: (ms) => setTimeout(ms),
      transact: (work) => pglite.transaction(work),
    }
  },
})

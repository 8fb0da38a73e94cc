import { expect, it } from 'vitest'
import type { DeadJob } from '../ports/job-queue.ts'
import { createDeadJobs } from './dead-jobs.ts'

const deadJob = (id: string): DeadJob => ({
  id,
  name: 'job',
  key: undefined,
  data: {},
  attempts: 1,
  diedAt: new Date(0),
  error: { message: 'no', code: undefined },
})

it('keeps the newest, also where some were taken out', () => {
  const dead = createDeadJobs(3)
  for (const id of ['1', '2', '3']) dead.bury(deadJob(id))
  expect(dead.raise(['2', 'nobody']).map(({ id }) => id)).toEqual(['2'])
  for (const id of ['4', '5']) dead.bury(deadJob(id))
  expect(dead.list(10, undefined).items.map(({ id }) => id)).toEqual(['3', '4', '5'])
  expect(dead.size()).toBe(3)
})

it('goes on behind the cursor, whatever was taken out or added meanwhile', () => {
  const dead = createDeadJobs(10)
  for (const id of ['1', '2', '3', '4']) dead.bury(deadJob(id))
  const first = dead.list(2, undefined)
  dead.raise(['2', '3'])
  dead.bury(deadJob('5'))
  expect(dead.list(2, first.nextCursor ?? undefined)).toMatchObject({
    items: [{ id: '4' }, { id: '5' }],
    nextCursor: null,
  })
})

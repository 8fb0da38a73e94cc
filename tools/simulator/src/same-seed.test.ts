import { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'

/** Runs a seed ten times in a thread of its own, so that nothing of this process is in it. */
function hashesOf(seed: number): Promise<readonly string[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./same-seed-worker.ts', import.meta.url), {
      execArgv: ['--conditions=@igny8/source'],
      workerData: { seed, times: 10 },
    })
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}

it('goes the same way with the same seed, twenty times of twenty, in one process and in another', async () => {
  const [one, other, different] = await Promise.all([hashesOf(7), hashesOf(7), hashesOf(8)])
  const hashes = new Set([...one, ...other])
  expect([...one, ...other]).toHaveLength(20)
  expect(hashes.size).toBe(1)
  expect(hashes).not.toContain(different[0])
}, 120_000)

import { Worker } from 'node:worker_threads'
import { expect, it } from 'vitest'
import { bundleWorker } from './bundle-worker.ts'
import type { SeedRun } from './same-seed-worker.ts'

const script = new URL('./same-seed-worker.ts', import.meta.url)
const hundred = Array.from({ length: 100 }, (_, index) => index + 1)

/** Runs seeds in a thread of its own, so that nothing of this process is in it. */
function runApart(
  seeds: readonly number[],
  options?: { freezesRows?: boolean; by?: URL },
): Promise<readonly SeedRun[]> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(options?.by ?? script, {
      execArgv: ['--conditions=@igny8/source'],
      workerData: { seeds, freezesRows: options?.freezesRows ?? false },
    })
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}

it('goes the same way with the same seed, twenty times of twenty, in one process and in another', async () => {
  const sevens = Array.from({ length: 10 }, () => 7)
  const [one, other, different] = await Promise.all([runApart(sevens), runApart(sevens), runApart([8])])
  const hashes = [...one, ...other].map(({ hash }) => hash)
  expect(hashes).toHaveLength(20)
  expect(new Set(hashes).size).toBe(1)
  expect(hashes).not.toContain(different[0]?.hash)
}, 120_000)

it('goes the same way in one file as from the sources, so that what is found in many seeds is found in one', async () => {
  const bundle = await bundleWorker(script)
  const both = [runApart(hundred, { by: bundle.script }), runApart(hundred)]
  const [bundled, unbundled] = await Promise.all(both).finally(bundle.remove)
  expect(bundled).toEqual(unbundled)
}, 120_000)

it('may hand its rows over as they are: where nobody can change one, nothing fails', async () => {
  const runs = await runApart(hundred, { freezesRows: true })
  expect(runs).toHaveLength(100)
  expect(runs.flatMap(({ violations }) => violations)).toEqual([])
}, 120_000)

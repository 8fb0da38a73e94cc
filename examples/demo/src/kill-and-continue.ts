import { fork } from 'node:child_process'
import { join } from 'node:path'
import type { SdkOptions } from './open-sdk.ts'
import type { PullProgress } from './pull-worker.ts'

/**
 * Lets another process begin the first pull and kills it, as `kill -9` does, once items have arrived. Returns how many were stored by then, which are not
 * read again.
 */
export async function killInMidPull(options: SdkOptions & { readonly integrationId: string }): Promise<number> {
  const worker = fork(join(import.meta.dirname, 'pull-worker.ts'), { execArgv: process.execArgv })
  const ended = new Promise<void>((resolve) => void worker.once('exit', () => resolve()))
  try {
    return await new Promise<number>((resolve, reject) => {
      worker.once('error', reject)
      worker.once('exit', () => reject(new Error('The process that pulls ended before it was killed.')))
      worker.once('message', ({ stored }: PullProgress) => resolve(stored))
      worker.send(options)
    })
  } finally {
    worker.kill('SIGKILL')
    await ended
  }
}

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A process of its own. */
export interface Worker {
  /** Resolves when it has written `text`; rejects with all it wrote when it ends before. */
  says(text: string): Promise<void>
  /** How it ended, and all it wrote. */
  ended(): Promise<{ readonly code: number | null; readonly output: string }>
  kill(): Promise<void>
}

/** Starts a file beside this one on the sources. */
export function startWorker(file: string, ...workerArguments: readonly string[]): Worker {
  const path = fileURLToPath(new URL(file, import.meta.url))
  const child = spawn(process.execPath, ['--conditions=@igny8/source', path, ...workerArguments], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  let heard = (): void => undefined
  const take = (chunk: Buffer) => {
    output += String(chunk)
    heard()
  }
  child.stdout.on('data', take)
  child.stderr.on('data', take)
  const closed = once(child, 'close')
  const ended = async () => {
    await closed
    return { code: child.exitCode, output }
  }
  return {
    says: (text) =>
      new Promise((resolve, reject) => {
        heard = () => {
          if (output.includes(text)) resolve()
        }
        heard()
        void ended().then(() => reject(new Error(`The process ended: ${output}`)))
      }),
    ended,
    async kill() {
      child.kill('SIGKILL')
      await ended()
    },
  }
}

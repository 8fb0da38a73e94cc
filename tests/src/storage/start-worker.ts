import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'

/** A process of its own. */
export interface Worker {
  readonly child: ChildProcess
  /** Resolves with what it wrote once it holds `text`, or when the process has ended. */
  says(text: string): Promise<string>
  ended(): Promise<number | null>
  kill(): Promise<void>
}

/** Starts a file beside this one on the sources. */
export function startWorker(file: string, ...workerArguments: readonly string[]): Worker {
  const path = fileURLToPath(new URL(file, import.meta.url))
  const child = spawn(process.execPath, ['--conditions=@igny8/source', path, ...workerArguments], {
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const exit = once(child, 'exit')
  const ended = async () => {
    await exit
    return child.exitCode
  }
  return {
    child,
    says: (text) =>
      new Promise((resolve) => {
        const take = (chunk: Buffer) => {
          output += String(chunk)
          if (output.includes(text)) resolve(output)
        }
        child.stdout?.on('data', take)
        child.stderr?.on('data', take)
        void ended().then(() => resolve(output))
      }),
    ended,
    async kill() {
      child.kill('SIGKILL')
      await ended()
    },
  }
}

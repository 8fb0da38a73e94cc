import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { fileURLToPath } from 'node:url'
import type { Account, AccountStorage, DomainEvent, SystemStorage } from '@igny8/core'
import type { WorkerSettings, WorkerWord } from './worker-words.ts'

/** A process that runs the SDK, and the SDK in it: every call goes there and back. */
export interface Worker {
  readonly account: Account
  readonly stored: AccountStorage
  readonly system: SystemStorage
  /** SIGKILL, now. */
  kill(): void
  /** Resolves when the process is gone. */
  readonly gone: Promise<void>
}

/** The worker died before it answered: whether it did what was asked is not known. */
export const workerGone = 'WORKER_GONE'

interface Waiting {
  readonly resolve: (result: unknown) => void
  readonly reject: (error: Error) => void
}

/** Starts a worker and waits until it works. */
export async function startWorker(settings: WorkerSettings, hear: (event: DomainEvent) => void): Promise<Worker> {
  const script = fileURLToPath(new URL('./kill-worker.ts', import.meta.url))
  const child = spawn(process.execPath, ['--conditions=@igny8/source', script, JSON.stringify(settings)], {
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    serialization: 'advanced',
  })
  const waiting = new Map<number, Waiting>()
  let last = 0
  const gone = once(child, 'exit').then(() => {
    for (const { reject } of waiting.values()) reject(failure(workerGone, 'The worker is gone.'))
    waiting.clear()
  })
  const ready = new Promise<void>((resolve, reject) => {
    child.on('message', (word: WorkerWord) => {
      if (word.kind === 'ready') return resolve()
      if (word.kind === 'event') return hear(word.event)
      const asked = waiting.get(word.id)
      waiting.delete(word.id)
      if (word.kind === 'answer') asked?.resolve(word.result)
      else asked?.reject(failure(word.code, word.message))
    })
    void gone.then(() => reject(failure(workerGone, 'The worker ended before it was ready.')))
  })

  function call(path: readonly string[], parameters: readonly unknown[]): Promise<unknown> {
    return new Promise((resolve, reject) => {
      if (!child.connected) return reject(failure(workerGone, 'The worker is gone.'))
      const id = ++last
      waiting.set(id, { resolve, reject })
      child.send({ id, path, parameters }, (error) => {
        if (error !== null && waiting.delete(id)) reject(failure(workerGone, error.message))
      })
    })
  }

  const worker = {
    account: remote(['account'], call) as Account,
    stored: remote(['stored'], call) as AccountStorage,
    system: remote(['system'], call) as SystemStorage,
    kill: () => void child.kill('SIGKILL'),
    gone,
  }
  await ready.catch((error: unknown) => {
    child.kill('SIGKILL')
    throw error
  })
  return worker
}

/** An object whose every method, however deep, is called over there. */
function remote(
  path: readonly string[],
  call: (path: readonly string[], parameters: readonly unknown[]) => Promise<unknown>,
): unknown {
  return new Proxy(() => undefined, {
    get: (_, name) => (name === 'then' || typeof name === 'symbol' ? undefined : remote([...path, name], call)),
    apply: (_, __, parameters: unknown[]) => call(path, parameters),
  })
}

function failure(code: string, message: string): Error {
  return Object.assign(new Error(`${code}: ${message}`), { code })
}

import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createServer } from 'node:net'
import { fileURLToPath } from 'node:url'

/** The example host in a process of its own. */
export interface HostProcess {
  readonly url: string
  /** What it has printed so far. */
  output(): string
  call(path: string, init?: RequestInit): Promise<Response>
  /** Ends it with a signal, and says how it went. */
  stop(signal: 'SIGTERM' | 'SIGKILL'): Promise<{ readonly code: number | null; readonly output: string }>
}

type Environment = Readonly<Record<string, string>>

function spawnSource(file: string, environment: Environment, rest: readonly string[] = []) {
  const path = fileURLToPath(new URL(`../../../examples/express-host/src/${file}`, import.meta.url))
  const child = spawn(process.execPath, ['--conditions=@igny8/source', path, ...rest], {
    env: { PATH: process.env.PATH, ...environment },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (output += String(chunk)))
  return { child, closed: once(child, 'close'), output: () => output }
}

/** A port that nobody listens on now. */
export async function findFreePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address !== null ? address.port : 0
}

/** Starts the host as `npm start` does, and waits until it is ready; with `until`, until it has printed that. */
export async function startHost(environment: Environment, until = ''): Promise<HostProcess> {
  const port = await findFreePort()
  const { child, closed, output } = spawnSource('main.ts', { ...environment, PORT: String(port) })
  const url = `http://127.0.0.1:${port}`
  for (;;) {
    if (hasEnded(child)) throw new Error(`The host ended: ${output()}`)
    const isReady = await fetch(`${url}/readyz`).then(
      ({ ok }) => ok,
      () => false,
    )
    if (isReady && output().includes(until)) break
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
  return {
    url,
    output,
    call: (path, init = {}) => fetch(`${url}/api/v1/${path}`, init),
    async stop(signal) {
      child.kill(signal)
      await closed
      return { code: child.exitCode, output: output() }
    },
  }
}

/** A key of an account, as `npm run create-key` makes it. */
export async function createKey(environment: Environment, accountId: string): Promise<string> {
  const { closed, output } = spawnSource('create-key.ts', environment, ['--account', accountId])
  await closed
  const key = /^igny8_[\w-]{43}$/m.exec(output())?.[0]
  if (key === undefined) throw new Error(`No key was made: ${output()}`)
  return key
}

function hasEnded({ exitCode, signalCode }: ChildProcess): boolean {
  return exitCode !== null || signalCode !== null
}

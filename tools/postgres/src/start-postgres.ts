import { chmod, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { reservePort } from '@igny8-tools/wordpress/free-port'
import { createProcessGuard, type GuardedProcess } from '@igny8-tools/wordpress/process-guard'
import { runCommand } from '@igny8-tools/wordpress/run-command'
import { waitUntil } from '@igny8-tools/wordpress/wait-until'
import { ensurePrograms } from './find-programs.ts'

export { findPrograms } from './find-programs.ts'

/** How to start it. */
export interface StartPostgresOptions {
  /** Settings of the server, on top of ours: careless about power cuts, a hundred connections. */
  readonly settings?: Readonly<Record<string, string>>
  readonly signal?: AbortSignal
}

/** A PostgreSQL on 127.0.0.1, empty, that takes every user without a password. */
export interface RunningPostgres {
  readonly url: string
  readonly port: number
  /** Ends it and removes its data. Idempotent. */
  stop(): Promise<void>
}

const defaults = { fsync: 'off', full_page_writes: 'off', max_connections: '100', timezone: 'UTC' } as const

/** Starts a new PostgreSQL in a temporary folder. It never outlives this process. */
export async function startPostgres({ settings = {}, signal }: StartPostgresOptions = {}): Promise<RunningPostgres> {
  const programs = await ensurePrograms(signal)
  const directory = await mkdtemp(join(tmpdir(), 'igny8-postgres-'))
  const guard = createProcessGuard(directory)
  const { port, release } = await reservePort()
  let server: GuardedProcess | undefined
  let stopped: Promise<void> | undefined
  async function end(): Promise<void> {
    // The fast way: without waiting for clients to leave.
    await server?.stop('SIGINT')
    await guard.stopAll()
    release()
    await rm(directory, { recursive: true, force: true })
  }
  const stop = () => {
    stopped ??= end()
    return stopped
  }
  try {
    await chmod(directory, 0o755)
    const data = join(directory, 'data')
    await runCommand('install', ['-d', ...(isRoot() ? ['-o', 'postgres'] : []), '-m', '700', data])
    const create = [join(programs, 'initdb'), '-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--no-sync']
    await runCommand(...asServer([...create, '--locale=C.UTF-8']), { cwd: '/', signal })
    const all = {
      ...defaults,
      ...settings,
      listen_addresses: '127.0.0.1',
      port: String(port),
      unix_socket_directories: '',
    }
    const flags = Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])
    const [command, commandArguments] = asServer([join(programs, 'postgres'), '-D', data, ...flags])
    server = guard.start({ name: 'postgres', command, arguments: commandArguments })
    await waitUntil({
      what: 'PostgreSQL',
      isReady: () => answers(programs, port),
      processes: [server],
      timeoutMs: 60_000,
      signal,
    })
  } catch (error) {
    await stop()
    throw error
  }
  return { url: `postgres://postgres@127.0.0.1:${port}/postgres`, port, stop }
}

/** PostgreSQL refuses to run as root. */
function asServer([command = '', ...rest]: readonly string[]): [string, string[]] {
  if (!isRoot()) return [command, rest]
  return ['setpriv', ['--reuid=postgres', '--regid=postgres', '--init-groups', command, ...rest]]
}

function isRoot(): boolean {
  return process.getuid?.() === 0
}

/** Whether it takes requests; while it starts up, it takes connections only to refuse them. */
function answers(programs: string, port: number): Promise<boolean> {
  return runCommand(join(programs, 'pg_isready'), ['-q', '-h', '127.0.0.1', '-p', String(port)]).then(
    () => true,
    () => false,
  )
}

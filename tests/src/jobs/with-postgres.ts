import { execFile, spawn } from 'node:child_process'
import { chown, mkdtemp, readdir, rm } from 'node:fs/promises'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import pg from 'pg'

/** A PostgreSQL of the test's own. */
export interface TestPostgres {
  readonly connectionString: string
  stop(): Promise<void>
}

const run = promisify(execFile)
const binaries = '/usr/lib/postgresql'

/** Why there is no PostgreSQL to test with, if there is none. */
export async function findPostgres(): Promise<string | undefined> {
  if (process.env.IGNY8_TEST_DATABASE_URL !== undefined) return undefined
  const versions = await readdir(binaries).catch(() => [])
  return versions.length > 0 ? undefined : 'no PostgreSQL is installed, and IGNY8_TEST_DATABASE_URL names none'
}

/** Uses the database of `IGNY8_TEST_DATABASE_URL`, or starts a server in a folder of its own. */
export async function startPostgres(): Promise<TestPostgres> {
  const given = process.env.IGNY8_TEST_DATABASE_URL
  if (given !== undefined) return { connectionString: given, stop: async () => undefined }
  const version = (await readdir(binaries)).sort((left, right) => Number(right) - Number(left))[0]
  const bin = join(binaries, String(version), 'bin')
  const folder = await mkdtemp(join(tmpdir(), 'igny8-postgres-'))
  const owner = await ownerOfServer()
  if (owner !== undefined) await chown(folder, owner.uid, owner.gid)
  const data = join(folder, 'data')
  const port = await freePort()
  await run(join(bin, 'initdb'), ['-D', data, '-U', 'igny8', '--auth', 'trust', '--no-sync'], { ...owner })
  const settings = ['-c', 'fsync=off', '-c', 'listen_addresses=127.0.0.1', '-c', `unix_socket_directories=${folder}`]
  const server = spawn(join(bin, 'postgres'), ['-D', data, '-p', String(port), ...settings], {
    ...owner,
    stdio: 'ignore',
  })
  const ended = new Promise<void>((resolve) => server.once('exit', () => resolve()))
  const connectionString = `postgres://igny8@127.0.0.1:${port}/postgres`
  await untilItAnswers(connectionString)
  return {
    connectionString,
    async stop() {
      // It waits for its clients to leave, and a pool that has ended may not quite have left.
      server.kill('SIGTERM')
      const impatient = setTimeout(() => server.kill('SIGINT'), 5_000)
      await ended
      clearTimeout(impatient)
      await rm(folder, { recursive: true, force: true })
    },
  }
}

/** PostgreSQL refuses to run as root. */
async function ownerOfServer(): Promise<{ readonly uid: number; readonly gid: number } | undefined> {
  if (process.getuid?.() !== 0) return undefined
  const idOf = async (flag: string) => Number((await run('id', [flag, 'postgres'])).stdout)
  return { uid: await idOf('-u'), gid: await idOf('-g') }
}

async function freePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  if (address === null || typeof address === 'string') throw new Error('No port is free.')
  return address.port
}

async function untilItAnswers(connectionString: string): Promise<void> {
  for (let tries = 1; ; tries++) {
    const client = new pg.Client({ connectionString })
    try {
      await client.connect()
      await client.end()
      return
    } catch (error) {
      if (tries === 100) throw error
      await new Promise((resolve) => setTimeout(resolve, 100))
    }
  }
}

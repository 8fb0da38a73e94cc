import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { createProcessGuard, type ProcessGuard, parseProcessStatus } from './process-guard.ts'
import { waitUntil } from './wait-until.ts'

let directory: string
let guard: ProcessGuard

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'igny8-guard-'))
  guard = createProcessGuard(directory)
})

afterEach(async () => {
  await guard.stopAll()
  await rm(directory, { recursive: true, force: true })
})

const isAlive = (processId: number) => {
  try {
    process.kill(-processId, 0)
    return true
  } catch {
    return false
  }
}

it('ends a program together with the workers it forked', async () => {
  const server = guard.start({ name: 'forker', command: '/bin/sh', arguments: ['-c', 'sleep 60 & sleep 60 & wait'] })
  expect(isAlive(server.processId)).toBe(true)
  await guard.stopAll()
  expect(server.failure()).toContain('forker ended with SIGTERM')
})

it('kills what ignores a polite request', async () => {
  const script = "trap '' TERM; echo deaf; while :; do sleep 0.1; done"
  const server = guard.start({ name: 'deaf', command: '/bin/sh', arguments: ['-c', script] })
  await server.stop('SIGKILL')
  expect(server.failure()).toContain('SIGKILL')
})

it('says why a program ended, with what it printed', async () => {
  const server = guard.start({ name: 'broken', command: '/bin/sh', arguments: ['-c', 'echo no such port >&2; exit 3'] })
  const waiting = waitUntil({ what: 'it', isReady: async () => false, processes: [server], timeoutMs: 5_000 })
  await expect(waiting).rejects.toThrow(/broken ended with exit code 3:\nno such port/)
})

it('says so when a program does not exist', async () => {
  const server = guard.start({ name: 'absent', command: '/nowhere/absent', arguments: [] })
  const waiting = waitUntil({ what: 'it', isReady: async () => false, processes: [server], timeoutMs: 5_000 })
  await expect(waiting).rejects.toThrow('absent could not be started')
})

it('reads state and group of a process whatever its name is', () => {
  expect(parseProcessStatus('42 (php: a) b) Z 1 4242 7 0')).toEqual({ state: 'Z', processGroup: 4242 })
})

import { createServer } from 'node:net'
import { expect, it } from 'vitest'
import { isPortFree, reservePort } from './free-port.ts'
import { withMachineLock } from './machine-lock.ts'

it('reserves a port that nobody else of this tool gets until it is released', async () => {
  const first = await reservePort()
  expect(first.port).toBeGreaterThanOrEqual(20_000)
  await expect(reservePort(first.port, 0)).rejects.toThrow(`Port ${first.port} is in use`)
  first.release()
  const again = await reservePort(first.port)
  expect(again.port).toBe(first.port)
  again.release()
})

it('sees that somebody listens', async () => {
  const { port, release } = await reservePort()
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve))
  expect(await isPortFree(port)).toBe(false)
  await new Promise((resolve) => server.close(resolve))
  expect(await isPortFree(port)).toBe(true)
  release()
})

it('runs work under one name one after the other, and goes on after a failure', async () => {
  const name = `test ${process.pid}`
  let running = 0
  const work = async () => {
    running += 1
    expect(running).toBe(1)
    await new Promise((resolve) => setImmediate(resolve))
    running -= 1
    throw new Error('failed')
  }
  const results = await Promise.allSettled([withMachineLock(name, work), withMachineLock(name, work)])
  expect(results.map((result) => result.status)).toEqual(['rejected', 'rejected'])
  expect(results).toMatchObject([{ reason: { message: 'failed' } }, { reason: { message: 'failed' } }])
})

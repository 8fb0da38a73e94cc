import { Igny8Error } from '@igny8/core/adapter-kit'
import { describe, expect, it } from 'vitest'
import { shareRun } from './share-run.ts'

interface Run {
  resolve(value: string): void
  reject(error: unknown): void
}

function start() {
  const runs: Run[] = []
  const shared = shareRun(() => new Promise<string>((resolve, reject) => runs.push({ resolve, reject })))
  return { runs, shared }
}

const cancelled = new Igny8Error({ code: 'CANCELLED', message: 'Given up.' })

describe('shareRun', () => {
  it('runs once for all who call meanwhile, and again afterwards', async () => {
    const { runs, shared } = start()
    const both = Promise.all([shared(), shared()])
    runs[0]?.resolve('first')
    expect(await both).toEqual(['first', 'first'])
    const later = shared()
    runs[1]?.resolve('second')
    expect(await later).toBe('second')
    expect(runs).toHaveLength(2)
  })

  it('fails for all, and is not remembered', async () => {
    const { runs, shared } = start()
    const both = [shared(), shared()]
    runs[0]?.reject(new Error('broken'))
    for (const call of both) await expect(call).rejects.toThrow('broken')
    const later = shared()
    runs[1]?.resolve('whole')
    expect(await later).toBe('whole')
  })

  it('begins again for those who did not give up', async () => {
    const { runs, shared } = start()
    const first = shared()
    const second = shared()
    const givingUp = shared({ signal: AbortSignal.abort() })
    runs[0]?.reject(cancelled)
    await expect(first).rejects.toBe(cancelled)
    await expect(givingUp).rejects.toBe(cancelled)
    runs[1]?.resolve('in the end')
    expect(await second).toBe('in the end')
    expect(runs).toHaveLength(2)
  })
})

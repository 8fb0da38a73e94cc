import { inspect } from 'node:util'
import { describe, expect, it, vi } from 'vitest'
import { describeError } from './describe-error.ts'
import { Igny8Error, isIgny8Error } from './igny8-error.ts'

const full = {
  code: 'RATE_LIMITED',
  message: 'Too many.',
  hint: 'Wait.',
  retryable: true,
  retryAfterMs: 7_000,
  effect: 'unknown',
  details: { status: 429 },
} as const

describe('Igny8Error', () => {
  it('says in JSON all that it was given, and neither cause nor stack', () => {
    const error = new Igny8Error({ ...full, cause: new Error('hunter2') })
    expect(JSON.parse(JSON.stringify(error))).toEqual({ name: 'Igny8Error', ...full })
    expect(JSON.stringify({ error, list: [error] })).not.toMatch(/hunter2|\.ts:|stack|cause/)
    expect(error.cause).toMatchObject({ message: 'hunter2' })
  })

  it('has harmless defaults', () => {
    const error = new Igny8Error({ code: 'X', message: 'x' })
    expect(error).toMatchObject({ retryable: false, effect: 'none', details: {} })
    expect([error.hint, error.retryAfterMs, 'cause' in error]).toEqual([undefined, undefined, false])
  })

  it('is an error with a name, a message and a stack', () => {
    const error = new Igny8Error(full)
    expect([error instanceof Error, String(error)]).toEqual([true, 'Igny8Error: Too many.'])
    expect(error.stack).toContain('igny8-error.test.ts')
    expect(inspect(error)).toContain('RATE_LIMITED')
  })

  it('keeps details that nobody can change afterwards', () => {
    const details = { status: 1 }
    const error = new Igny8Error({ code: 'X', message: 'x', details })
    details.status = 2
    expect(error.details).toEqual({ status: 1 })
    expect(Object.isFrozen(error.details)).toBe(true)
  })
})

describe('isIgny8Error', () => {
  it('sees through two copies of core', async () => {
    vi.resetModules()
    const copy = await import('./igny8-error.ts')
    const foreign = new copy.Igny8Error({ code: 'X', message: 'x' })
    expect([foreign instanceof Igny8Error, isIgny8Error(foreign), copy.isIgny8Error(new Igny8Error(full))]).toEqual([
      false,
      true,
      true,
    ])
  })

  it.each([
    undefined,
    null,
    'Igny8Error',
    new Error('x'),
    Object.assign(new Error('x'), { name: 'Igny8Error', code: 'X' }),
    { ...new Igny8Error(full), message: 'x' },
    JSON.parse(JSON.stringify(new Igny8Error(full))),
  ])('takes nothing else for one: %s', (value) => {
    expect(isIgny8Error(value)).toBe(false)
  })
})

describe('describeError', () => {
  it('leaves an error of ours as it is', () => {
    const error = new Igny8Error(full)
    expect(describeError(error)).toBe(error)
  })

  it.each([new Error('hunter2'), 'hunter2', null, undefined])(
    'wraps what is not, and repeats nothing of it where it is shown: %s',
    (thrown) => {
      const error = describeError(thrown, 'REMOTE_FAILED')
      expect([error.code, error.cause]).toEqual(['REMOTE_FAILED', thrown])
      expect(JSON.stringify(error)).not.toContain('hunter2')
      expect(describeError(thrown).code).toBe('STORAGE_FAILED')
    },
  )
})

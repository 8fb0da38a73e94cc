import { Igny8Error } from '@igny8/core'
import { describe, expect, it } from 'vitest'
import { errorStatus, mapCodeToStatus } from './error-status.ts'
import { describeProblem } from './problem.ts'

describe('The status of a code', () => {
  it('has a title in every case', () => {
    for (const code of Object.keys(errorStatus)) {
      const { title, status } = describeProblem(new Igny8Error({ code, message: 'x' }), 'id')
      expect(`${code} ${title}`).not.toBe(`${code} Error`)
      expect(status).toBeGreaterThanOrEqual(400)
    }
  })

  it('of an adapter is that of the site: refused, or failed for now', () => {
    expect(mapCodeToStatus('NOT_WORDPRESS', false)).toBe(424)
    expect(mapCodeToStatus('MAINTENANCE', true)).toBe(502)
    expect(mapCodeToStatus('toString', false)).toBe(424)
  })

  it('is 412 for a version of If-Match', () => {
    const error = new Igny8Error({ code: 'VERSION_CONFLICT', message: 'x' })
    expect([describeProblem(error, 'id', true).status, describeProblem(error, 'id').status]).toEqual([412, 409])
  })
})

describe('A problem', () => {
  it('tells nothing of what failed on our side but its code', () => {
    const error = new Igny8Error({ code: 'STORAGE_FAILED', message: 'at 10.0.0.7', details: { host: '10.0.0.7' } })
    const problem = describeProblem(error, 'id')
    expect(problem).toMatchObject({ status: 500, code: 'STORAGE_FAILED', details: {}, request_id: 'id' })
    expect(JSON.stringify(problem)).not.toContain('10.0.0.7')
  })
})

import { createHttpHandler } from '@igny8/http'
import { describe, expect, it } from 'vitest'
import { createApiUnderTest } from './api-under-test.ts'

describe('what createHttpHandler is given', () => {
  const igny8 = { forAccount: () => undefined }
  const authenticate = () => null

  it.each([
    ['igny8', undefined, { authenticate }],
    ['authenticate', igny8, {}],
    ['authenticate', igny8, undefined],
    ['trustedOrigin', igny8, { authenticate, trustedOrigin: ['https://app.example'] }],
  ])('is checked at once: %s', (field, sdk, options) => {
    expect(() => createHttpHandler(sdk as never, options as never)).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', hint: expect.any(String), details: { field } }),
    )
  })

  it('may find nobody and say so with undefined, as a look-up does', async () => {
    const api = await createApiUnderTest({ authenticate: () => new Map<string, never>().get('nobody') })
    expect((await api.call('GET', 'sites/')).status).toBe(401)
  })
})

import { describe, it } from 'vitest'
import { createFakeClock } from './create-fake-clock.ts'
import { createFakePlatform } from './create-fake-platform.ts'
import { platformContract } from './platform-contract.ts'

// One fake for all tests, as a real site would be; a second passes before each, so that modified times differ.
const clock = createFakeClock()
const platform = createFakePlatform({ clock })
const silent = () => undefined

platformContract({
  describe,
  it,
  async createPlatform() {
    await clock.advance(5_000)
    const client = platform.adapter.open({
      url: platform.url,
      credential: { reveal: () => 'editor:fake-password', toString: () => '[secret]', toJSON: () => '[secret]' },
      structure: null,
      http: { request: () => Promise.reject(new Error('The fake makes no requests.')), close: async () => undefined },
      clock,
      logger: { debug: silent, info: silent, warn: silent, error: silent },
    })
    return { client, futureDates: true }
  },
})

import type { PlatformClient, Secret } from '@igny8/core'
import { createHttpClient, createSilentLogger } from '@igny8/core/adapter-kit'
import { createFakeClock, createSeededRandom, type FakeClock } from '@igny8/core/testing'
import { createWordPressAdapter } from '@igny8/wordpress'
import { createFakeWordPress, type FakeWordPress, type FakeWordPressOptions } from '@igny8-tools/fake-wordpress'

/** A fake site, its clock, and the real adapter on it. */
export interface FakeSiteUnderTest {
  readonly site: FakeWordPress
  readonly clock: FakeClock
  open(user?: string): PlatformClient
}

export function createFakeSite(options: Partial<FakeWordPressOptions> = {}): FakeSiteUnderTest {
  const clock = createFakeClock()
  const site = createFakeWordPress({ clock, ...options })
  const logger = createSilentLogger()
  const random = createSeededRandom('fake-wordpress')
  const lookup = async () => [{ address: '203.0.113.1', family: 4 }]
  const http = createHttpClient({ clock, logger, random, fetch: site.fetch, lookup, allow: [site.url] })
  const adapter = createWordPressAdapter()
  return {
    site,
    clock,
    open(login = 'admin') {
      const { username = login, applicationPassword = '' } = site.users[login] ?? {}
      const credential = wrap(adapter.credentials.toSecret({ username, applicationPassword }))
      return adapter.open({ url: site.url, credential, structure: null, http, clock, logger })
    },
  }
}

function wrap(secret: string): Secret {
  return { reveal: () => secret, toString: () => '[secret]', toJSON: () => '[secret]' }
}

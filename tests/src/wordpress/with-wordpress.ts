import type { HttpClient, PlatformClient, Secret, SiteStructure } from '@igny8/core'
import { createHttpClient, createSilentLogger, createSystemClock, createSystemRandom } from '@igny8/core/adapter-kit'
import { createWordPressAdapter, type WordPressAdapterOptions } from '@igny8/wordpress'
import {
  type Database,
  type RunningWordPress,
  type SiteUserName,
  startWordPress,
  type WordPressVersion,
} from '@igny8-tools/wordpress'
import { afterAll, afterEach, beforeAll, describe } from 'vitest'

export interface OpenOptions {
  /** @default 'admin' */
  readonly user?: SiteUserName
  /** In place of the user's own application password. */
  readonly password?: string
  /** @default the site's address */
  readonly url?: string
  readonly structure?: SiteStructure
  readonly adapter?: WordPressAdapterOptions
}

/** A real WordPress for the tests of one file, and clients on it. */
export interface SiteUnderTest {
  readonly wordpress: RunningWordPress
  readonly http: HttpClient
  /** URLs of the requests made, oldest first; emptied before each test. */
  readonly requests: string[]
  open(options?: OpenOptions): PlatformClient
  /** Code of every request until the end of the test. */
  install(php: string): Promise<void>
}

const pluginName = 'igny8-under-test'

/**
 * Defines tests on a real WordPress of the version and database that IGNY8_WORDPRESS_VERSION and IGNY8_WORDPRESS_DATABASE name.
 *
 * Skipped unless IGNY8_REQUIRE_SERVICES=1, as it starts servers.
 */
export function describeOnWordPress(name: string, define: (site: () => SiteUnderTest) => void): void {
  describe.skipIf(process.env.IGNY8_REQUIRE_SERVICES !== '1')(name, () => {
    let site: (SiteUnderTest & { renew(): Promise<void> }) | undefined
    beforeAll(async () => {
      site = await startSite()
    })
    afterEach(async () => {
      await site?.wordpress.removeMuPlugin(pluginName)
      await site?.renew()
    })
    afterAll(async () => {
      await site?.renew()
      await site?.wordpress.stop()
    })
    define(() => {
      if (site === undefined) throw new Error('The site is there inside tests only.')
      return site
    })
  })
}

/** `renew` gives the next test an HTTP client that remembers nothing, no pause that a site asked for either. */
async function startSite(): Promise<SiteUnderTest & { renew(): Promise<void> }> {
  const wordpress = await startWordPress({
    version: (process.env.IGNY8_WORDPRESS_VERSION ?? '6.8') as WordPressVersion,
    database: (process.env.IGNY8_WORDPRESS_DATABASE ?? 'sqlite') as Database,
  })
  const [clock, logger, requests] = [createSystemClock(), createSilentLogger(), [] as string[]]
  const createClient = () => createHttpClient({ clock, logger, random: createSystemRandom(), allow: [wordpress.url] })
  let client = createClient()
  const http: HttpClient = {
    request(request) {
      requests.push(`${request.method} ${request.url}`)
      return client.request(request)
    },
    close: () => client.close(),
  }
  return {
    wordpress,
    http,
    requests,
    open({ user = 'admin', password, url = wordpress.url, structure, adapter = {} } = {}) {
      const wordPress = createWordPressAdapter(adapter)
      const { username, applicationPassword } = wordpress.users[user]
      const secret = wordPress.credentials.toSecret({ username, applicationPassword: password ?? applicationPassword })
      const connection = { url: wordPress.normaliseUrl(url), credential: wrap(secret), structure: structure ?? null }
      return wordPress.open({ ...connection, http, clock, logger })
    },
    async renew() {
      const used = client
      client = createClient()
      requests.splice(0)
      await used.close()
    },
    install: (php) => wordpress.installMuPlugin(pluginName, php),
  }
}

function wrap(secret: string): Secret {
  return { reveal: () => secret, toString: () => '[secret]', toJSON: () => '[secret]' }
}

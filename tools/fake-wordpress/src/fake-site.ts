import type { ContentType, MetaKey, PostStatus, Taxonomy } from './content-types.ts'
import type { SiteState } from './site-state.ts'
import type { SiteTime } from './site-time.ts'

/** What all operations on the fake work with: the database, and the code that theme, plugins and configuration add. */
export interface FakeSite {
  readonly state: SiteState
  readonly time: SiteTime
  readonly version: string
  readonly types: Map<string, ContentType>
  readonly taxonomies: Map<string, Taxonomy>
  readonly statuses: Map<string, PostStatus>
  /** Registered meta by type and key. */
  readonly meta: Map<string, Map<string, MetaKey>>
  readonly configuration: SiteConfiguration
  /** Posts that the search for a free slug does not see: they were written by a request that ran at the same time. */
  readonly unseen: Set<number>
}

/** What stands in wp-config.php, in the server's configuration, or is the database's nature. */
export interface SiteConfiguration {
  applicationPasswords: boolean
  xmlRpc: boolean
  trash: boolean
  /** MariaDB gives rows of equal sort keys in another order for every page; SQLite does not. */
  readonly ties: 'unstable' | 'stable'
  /** Characters of a request line that the web server takes. */
  readonly longestRequestLine: number
}

const compared = new Map<string, boolean>()

/** Whether this WordPress is at least of a version. */
export function isSince(site: FakeSite, version: string): boolean {
  const key = `${site.version} ${version}`
  let isLater = compared.get(key)
  if (isLater === undefined) {
    const [major = 0, minor = 0] = site.version.split('.').map(Number)
    const [sinceMajor = 0, sinceMinor = 0] = version.split('.').map(Number)
    isLater = major > sinceMajor || (major === sinceMajor && minor >= sinceMinor)
    compared.set(key, isLater)
  }
  return isLater
}

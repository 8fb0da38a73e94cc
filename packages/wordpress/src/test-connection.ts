import type { CallOptions, ConnectionReport, ConnectionWarning, PlatformConnection } from '@igny8/core'
import { isIgny8Error } from '@igny8/core/adapter-kit'
import { hideSecret } from './credentials.ts'
import { decodeEntities } from './decode-entities.ts'
import { diagnoseAuthentication } from './diagnose-authentication.ts'
import { diagnose } from './diagnosis.ts'
import { type DiscoveredSite, explainTransport } from './discover.ts'
import { readCurrentUser, type WordPressUser } from './prove-authentication.ts'
import { heldCapabilities, mapZone } from './read-structure.ts'
import { readTypes } from './read-types.ts'
import { isOlder, readVersion } from './site-version.ts'
import type { WordPressRest } from './wordpress-client.ts'

/** The oldest version that the adapter is tested on at every change. */
const oldestTested = '6.1'
const tolerableSkewMs = 5 * 60_000

export interface ConnectionTestInput {
  readonly connection: PlatformConnection
  readonly site: DiscoveredSite
  readonly rest: WordPressRest
  readonly minimumVersion: string
  readonly options: CallOptions | undefined
}

/** Who the credential belongs to and what it may do on the site. Every failure is a diagnosis. */
export async function testConnection(input: ConnectionTestInput): Promise<ConnectionReport> {
  const { connection, site, rest, minimumVersion, options } = input
  const { http, url } = connection
  const { root } = site
  const signal = options?.signal
  const platformVersion = await readVersion({ http, rest, url, namespaces: root.namespaces, signal })
  if (platformVersion !== null && isOlder(platformVersion, minimumVersion)) {
    throw diagnose('SITE_TOO_OLD', { version: platformVersion, minimum: minimumVersion })
  }
  const user = await identify(input)
  if (user.capabilities.edit_posts !== true && !(await mayEditAnything(rest, options))) {
    throw insufficientRole(connection, user)
  }
  return {
    user: { externalId: String(user.id), name: user.name, login: user.username ?? null },
    roles: user.roles,
    capabilities: heldCapabilities(user),
    siteName: decodeEntities(root.name),
    platformVersion,
    apiRoot: site.apiRoot,
    timezone: mapZone(root),
    clockSkewMs: site.clockSkewMs,
    warnings: collectWarnings({ site, user, platformVersion }),
  }
}

/** Names and roles are the site's words: a hostile one would repeat what it was sent. */
function insufficientRole({ credential }: PlatformConnection, user: WordPressUser): Error {
  const hide = (text: string) => hideSecret(text, credential.reveal()).slice(0, 100)
  return diagnose('INSUFFICIENT_ROLE', { user: hide(user.name), roles: hide(user.roles.join(', ')) || 'no role' })
}

/** Proves the credential, or says why it does not work. */
async function identify(input: ConnectionTestInput): Promise<WordPressUser> {
  const { connection, site, rest, options } = input
  const { http, url, credential } = connection
  try {
    return await readCurrentUser(rest, options)
  } catch (error) {
    if (!isIgny8Error(error)) throw error
    const offersPasswords = site.root.authentication['application-passwords'] !== undefined
    if (error.code === 'AUTH_FAILED' && typeof error.details.wordpressCode === 'string') {
      if (!offersPasswords) throw diagnose('APPLICATION_PASSWORDS_UNAVAILABLE', {}, { cause: error })
      throw await diagnoseAuthentication({ http, url, credential, error, signal: options?.signal })
    }
    throw explainRefusal(url, error)
  }
}

/** Whatever keeps us from `users/me` other than the credential itself. */
function explainRefusal(url: string, error: unknown): unknown {
  if (!isIgny8Error(error)) return error
  const { status } = error.details
  const block = (reason: string) => diagnose('REST_BLOCKED', { reason }, { retryable: error.retryable, cause: error })
  // It names the cause itself.
  if (error.details.answer === 'wrong-charset' && error.code === 'REMOTE_MALFORMED') return error
  if (error.code === 'REMOTE_MALFORMED')
    return block('something answers in its place, such as a login or maintenance page')
  if (status === 401) return block('the web server asks for a password of its own (401)')
  if (status === 403 || status === 404 || status === 405) return block(`/wp/v2/users/me is refused (${status})`)
  return explainTransport(url, error)
}

/** Rights may come from elsewhere than the user's own list (network administrators): WordPress shows only types that may be edited. */
async function mayEditAnything(rest: WordPressRest, options: CallOptions | undefined): Promise<boolean> {
  try {
    return (await readTypes(rest, options)).contentTypes.length > 0
  } catch (error) {
    if (isIgny8Error(error) && error.code === 'PERMISSION_DENIED') return false
    throw error
  }
}

interface WarningInput {
  readonly site: DiscoveredSite
  readonly user: WordPressUser
  readonly platformVersion: string | null
}

function collectWarnings({ site, user, platformVersion }: WarningInput): readonly ConnectionWarning[] {
  const warnings: ConnectionWarning[] = []
  const warn = (code: string, message: string, hint: string) => warnings.push({ code, message, hint })
  const mayNot = (right: string) => user.capabilities[right] !== true
  if (site.plainPermalinks) {
    warn(
      'PLAIN_PERMALINKS',
      'The REST API answers only at ?rest_route=.',
      'Choose anything but “Plain” under Settings → Permalinks: addresses become readable, too.',
    )
  }
  if (platformVersion !== null && isOlder(platformVersion, oldestTested)) {
    warn(
      'UNTESTED_VERSION',
      `WordPress ${platformVersion} is older than ${oldestTested}, the oldest that is tested.`,
      'Update WordPress.',
    )
  }
  if (Math.abs(site.clockSkewMs) > tolerableSkewMs) {
    warn(
      'CLOCK_SKEW',
      `The site’s clock differs from ours by ${Math.round(site.clockSkewMs / 1000)} seconds.`,
      'Sync follows the site’s clock. Ask the hosting company to set it.',
    )
  }
  if (mayNot('publish_posts')) warn('CANNOT_PUBLISH', 'The user may write drafts but not publish.', editorHint)
  if (mayNot('edit_others_posts'))
    warn('CANNOT_EDIT_OTHERS', 'The user sees and edits only items of its own.', editorHint)
  if (mayNot('upload_files')) warn('CANNOT_UPLOAD', 'The user may not upload images.', editorHint)
  if (mayNot('manage_categories')) warn('CANNOT_MANAGE_TERMS', 'The user may not create categories.', editorHint)
  return warnings
}

const editorHint = 'Use an application password of an administrator or editor.'

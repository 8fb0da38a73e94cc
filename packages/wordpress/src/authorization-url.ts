import type { CallOptions, Clock, OneClickInput } from '@igny8/core'
import { Igny8Error } from '@igny8/core/adapter-kit'
import { diagnose } from './diagnosis.ts'
import { discoverSite } from './discover.ts'

/**
 * The page of the site where a person grants an application password. WordPress sends them on to `successUrl` with `site_url`,
 * `user_login` and `password` in the query.
 *
 * Throws a diagnosis.
 */
export async function authorizationUrl(input: OneClickInput, clock: Clock, options?: CallOptions): Promise<string> {
  const { http, url, applicationName, applicationId, successUrl, rejectUrl } = input
  const { root } = await discoverSite({ http, clock, url, credential: null, signal: options?.signal })
  const endpoint = root.authentication['application-passwords']?.endpoints.authorization
  if (endpoint === undefined) throw diagnose('APPLICATION_PASSWORDS_UNAVAILABLE')
  const page = URL.parse(endpoint)
  if (page === null || (page.protocol !== 'https:' && page.protocol !== 'http:')) {
    throw new Igny8Error({
      code: 'REMOTE_MALFORMED',
      message: 'The site names an address for granting access that is none.',
      hint: 'Enter an application password instead.',
    })
  }
  page.searchParams.set('app_name', applicationName)
  if (applicationId !== undefined) page.searchParams.set('app_id', applicationId)
  page.searchParams.set('success_url', successUrl)
  if (rejectUrl !== undefined) page.searchParams.set('reject_url', rejectUrl)
  return page.href
}

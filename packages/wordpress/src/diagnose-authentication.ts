import type { HttpClient, Secret } from '@igny8/core'
import { type Igny8Error, isIgny8Error } from '@igny8/core/adapter-kit'
import { isApplicationPassword, splitSecret } from './credentials.ts'
import { diagnose } from './diagnosis.ts'
import { wordpressCodeOf } from './wordpress-client.ts'

export interface AuthenticationFailure {
  readonly http: HttpClient
  readonly url: string
  readonly credential: Secret
  /** What REST answered when it was asked who we are. */
  readonly error: unknown
  readonly signal: AbortSignal | undefined
}

/** Codes by which WordPress says that the header reached it. */
const headerArrived = new Set(['incorrect_password', 'invalid_username', 'invalid_email'])
const switchedOff = new Set(['application_passwords_disabled', 'application_passwords_disabled_for_user'])

/**
 * Why REST does not know us. It treats a wrong password, the account's own password and a header that a proxy took away all
 * alike; XML-RPC, where it is on, gets the password in its body and tells them apart.
 */
export async function diagnoseAuthentication(failure: AuthenticationFailure): Promise<Igny8Error> {
  const { password } = splitSecret(failure.credential.reveal())
  const code = wordpressCodeOf(failure.error) ?? ''
  const more = { cause: failure.error }
  if (switchedOff.has(code)) return diagnose('APPLICATION_PASSWORDS_UNAVAILABLE', { wordpressCode: code }, more)
  if (!isApplicationPassword(password)) return diagnose('ACCOUNT_PASSWORD_GIVEN', { wordpressCode: code }, more)
  const isStripped = !headerArrived.has(code) && (await askXmlRpc(failure)) === 'accepted'
  return diagnose(isStripped ? 'AUTHORIZATION_HEADER_STRIPPED' : 'AUTH_FAILED', { wordpressCode: code }, more)
}

/** Whether an API that is open to members only is closed to us for the credential's sake: WordPress or XML-RPC says so. */
export async function refusesCredential(
  asked: Omit<AuthenticationFailure, 'error'>,
  wordpressCode: string,
): Promise<boolean> {
  return headerArrived.has(wordpressCode) || (await askXmlRpc(asked)) === 'refused'
}

/** Whether XML-RPC accepts the credential. The question goes where REST was just asked, with the same credential. */
async function askXmlRpc(failure: Omit<AuthenticationFailure, 'error'>): Promise<'accepted' | 'refused' | 'unknown'> {
  const { username, password } = splitSecret(failure.credential.reveal())
  const parameters = [username, password].map(
    (value) => `<param><value><string>${escapeXml(value)}</string></value></param>`,
  )
  const body = `<?xml version="1.0"?><methodCall><methodName>wp.getUsersBlogs</methodName><params>${parameters.join('')}</params></methodCall>`
  try {
    const response = await failure.http.request({
      method: 'POST',
      url: `${failure.url}/xmlrpc.php`,
      headers: { 'content-type': 'text/xml' },
      body,
      safe: true,
      attempts: 1,
      timeoutMs: 20_000,
      maxBytes: 1024 * 1024,
      signal: failure.signal,
    })
    const text = response.text()
    if (!text.includes('<methodResponse>')) return 'unknown'
    if (text.includes('<params>')) return 'accepted'
    return /<int>403<\/int>/.test(text) ? 'refused' : 'unknown'
  } catch (error) {
    if (isIgny8Error(error) && error.code === 'CANCELLED') throw error
    return 'unknown'
  }
}

function escapeXml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}

import type { Effect, Primitive } from '@igny8/core'
import { Igny8Error } from '@igny8/core/adapter-kit'

/** What can be wrong with a connection: the code, the cause and the fix for each. `README.md` repeats this table. */
const diagnoses = {
  HOST_NOT_FOUND: {
    cause: 'There is no website at {host}.',
    fix: 'Check the address for a typing error, and that the domain is still registered.',
  },
  CONNECTION_FAILED: {
    cause: 'Nothing answers at {host}.',
    fix: 'Check that the site is up and that its firewall lets this server in. If it has no https, its address starts with http://.',
  },
  TLS_FAILED: {
    cause: 'The certificate of {host} cannot be trusted.',
    fix: 'Renew or correct the site’s certificate: opening the address in a browser shows what is wrong.',
  },
  TIMEOUT: {
    cause: '{host} did not answer in time.',
    fix: 'Try again. If it stays so, ask the site’s hosting company why it is slow, or whether a firewall drops requests from this server.',
  },
  REDIRECTED: {
    cause: '{host} sends visitors on to {target}.',
    fix: 'Enter the address that it leads to: {target}',
  },
  NOT_WORDPRESS: {
    cause: 'The address answers, but not as WordPress.',
    fix: 'Enter the address where WordPress is installed, such as https://example.com/blog.',
  },
  REST_BLOCKED: {
    cause: 'Something keeps requests from WordPress’s REST API: {reason}.',
    fix: 'Let /wp-json/ through: check security, login and maintenance plugins, the web server’s own password and the firewall.',
  },
  SITE_TOO_OLD: {
    cause: 'The site runs WordPress {version}; {minimum} is the oldest that works.',
    fix: 'Update WordPress, then connect again.',
  },
  APPLICATION_PASSWORDS_UNAVAILABLE: {
    cause: 'This site offers no application passwords.',
    fix: 'Serve the site over https, and check that no plugin switches application passwords off. WordPress has them since 5.6.',
  },
  AUTH_FAILED: {
    cause: 'WordPress does not accept this user name with this application password.',
    fix: 'Check the user name. Make a new application password under Users → Profile → Application Passwords and enter it: the old one is wrong or was revoked.',
  },
  ACCOUNT_PASSWORD_GIVEN: {
    cause: 'This is not an application password: those are 24 letters and digits, shown in groups of four.',
    fix: 'Make one under Users → Profile → Application Passwords and enter it in place of the password used to log in.',
  },
  AUTHORIZATION_HEADER_STRIPPED: {
    cause: 'The password is right, but the web server does not hand the Authorization header on to WordPress.',
    fix: 'On Apache add to .htaccess: SetEnvIf Authorization "(.*)" HTTP_AUTHORIZATION=$1. Otherwise ask the hosting company to pass the header on to PHP.',
  },
  INSUFFICIENT_ROLE: {
    cause: 'The user "{user}" ({roles}) may not write anything on this site.',
    fix: 'Give the user the role of an editor, or use an application password of an administrator or editor.',
  },
} as const

export type DiagnosisCode = keyof typeof diagnoses

interface DiagnosisMore {
  readonly retryable?: boolean
  readonly effect?: Effect
  readonly cause?: unknown
}

/** The error that names cause and fix; `facts` fill the gaps in both and become its details. */
export function diagnose(
  code: DiagnosisCode,
  facts: Readonly<Record<string, Primitive>> = {},
  more: DiagnosisMore = {},
): Igny8Error {
  const { cause, fix } = diagnoses[code]
  const fill = (text: string) => text.replaceAll(/\{(\w+)\}/g, (_, name: string) => String(facts[name] ?? ''))
  return new Igny8Error({ code, message: fill(cause), hint: fill(fix), details: facts, ...more })
}

import { parseInput } from '@igny8/core/adapter-kit'
import * as z from 'zod'

/** What a person enters to connect a WordPress site. */
export const credentialsSchema = z.strictObject({
  username: z
    .string()
    .trim()
    .min(1, 'is missing')
    .max(255, 'is too long')
    .refine((value) => !value.includes(':'), 'cannot hold a colon')
    .refine((value) => !hasControlCharacter(value), 'holds a line break or another control character'),
  applicationPassword: z
    .string()
    .trim()
    .min(1, 'is missing')
    .max(500, 'is too long')
    .refine((value) => !hasControlCharacter(value), 'holds a line break or another control character'),
})

/** The one string to keep: `username:application password`, without the spaces that WordPress shows for reading. */
export function mapCredentialsToSecret(input: Readonly<Record<string, string>>): string {
  const { username, applicationPassword } = parseInput(credentialsSchema, input)
  const compact = applicationPassword.replaceAll(/\s/g, '')
  return `${username}:${isApplicationPassword(compact) ? compact : applicationPassword}`
}

/** WordPress makes application passwords of 24 letters and digits; anything else is another password. */
export function isApplicationPassword(password: string): boolean {
  return /^[a-z0-9]{24}$/i.test(password)
}

/** The two halves of a stored secret. */
export function splitSecret(secret: string): { readonly username: string; readonly password: string } {
  const colon = secret.indexOf(':')
  return colon === -1
    ? { username: secret, password: '' }
    : { username: secret.slice(0, colon), password: secret.slice(colon + 1) }
}

/**
 * Takes a stored secret out of a text, in every form in which a site may repeat it: in groups, in base64 of either alphabet, percent-encoded. The user
 * name alone is none, unless an application password was entered in its place.
 */
export function hideSecret(text: string, secret: string): string {
  const { username, password } = splitSecret(secret)
  const grouped = password.replaceAll(/(.{4})(?=.)/g, '$1 ')
  const misplaced = isApplicationPassword(username.replaceAll(' ', '')) ? [username.replaceAll(' ', '')] : []
  const coded = [secret, `${username}:${grouped}`, password, grouped].map((form) =>
    Buffer.from(form).toString('base64'),
  )
  const patterns = [
    patternOf(secret),
    ...coded.map((form) => `${patternOf(form.replace(/=+$/, ''))}(?:=|%3D){0,2}`),
    ...[password, ...misplaced].map((form) => patternOf(form, isApplicationPassword(form) ? '(?:\\s|\\+|%20)*' : '')),
  ]
  const long = [secret, ...coded, password, ...misplaced].map((form) => form.length >= 4)
  return patterns
    .filter((_, index) => long[index])
    .reduce((hidden, one) => hidden.replaceAll(new RegExp(one, 'g'), '[secret]'), text)
}

const urlAlphabet: Readonly<Record<string, string>> = { '+': '|-', '/': '|_' }

/** Each character as it is, percent-encoded, or in the other alphabet of base64. */
function patternOf(form: string, between = ''): string {
  return [...form]
    .map((character) => {
      const encoded = encodeURIComponent(character.toWellFormed())
      return `(?:${escapePattern(character)}|${escapePattern(encoded)}${urlAlphabet[character] ?? ''})`
    })
    .join(between)
}

function escapePattern(text: string): string {
  return text.replaceAll(/[.*+?^${}()|[\]\\/-]/g, '\\$&')
}

function hasControlCharacter(text: string): boolean {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    if (code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0x2028 || code === 0x2029) return true
  }
  return false
}

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

/** Takes a stored secret out of a text, in every form in which a site may repeat it. The user name alone is none. */
export function hideSecret(text: string, secret: string): string {
  const { password } = splitSecret(secret)
  const forms = [secret, Buffer.from(secret).toString('base64'), password].filter((form) => form.length >= 4)
  return forms
    .flatMap((form) => [form, encodeURIComponent(form.toWellFormed())])
    .reduce((hidden, form) => hidden.replaceAll(form, '[secret]'), text)
}

function hasControlCharacter(text: string): boolean {
  for (const character of text) {
    const code = character.codePointAt(0) ?? 0
    if (code < 0x20 || (code >= 0x7f && code < 0xa0) || code === 0x2028 || code === 0x2029) return true
  }
  return false
}

import type { Secret } from '@igny8/core'
import { Igny8Error } from '@igny8/core/adapter-kit'

/** Refuses a key that cannot travel in a header, before anything is sent. Throws `INVALID_INPUT`, which repeats nothing of it. */
export function checkKey(apiKey: Secret): void {
  const isSendable = /^[\x21-\x7e]{1,512}$/.test(apiKey.reveal())
  if (isSendable) return
  throw new Igny8Error({
    code: 'INVALID_INPUT',
    message: 'The API key is empty, or holds spaces, line breaks or other characters that no key has.',
    hint: 'Copy the key again from the vendor’s console, without quotes and line breaks.',
    details: { field: 'apiKey' },
  })
}

import { createHmac } from 'node:crypto'
import { Igny8Error } from '../errors/igny8-error.ts'
import type { Secret } from '../ports/secret.ts'
import { createSecret } from './create-secret.ts'

/** Where an envelope belongs. All of it is authenticated with the envelope: moved elsewhere it cannot be opened. */
export interface SecretContext {
  readonly accountId: string
  readonly row: string
  readonly field: string
  readonly purpose: string
}

/** The context of a stored field; its purpose follows from the field, so that rotation can tell it too. */
export function secretContext(accountId: string, row: string, field: string): SecretContext {
  return { accountId, row, field, purpose: field.split('.')[0] ?? field }
}

/** Encryption at rest: JWE compact, `dir` with A256GCM, a key id, and the context in the protected header. */
export interface SecretBox {
  seal(value: string, context: SecretContext): Promise<string>
  /** Throws `SECRET_UNREADABLE` for an unknown key, a changed envelope, or another place. */
  open(envelope: string, context: SecretContext): Promise<Secret>
  /** Whether the envelope is under another key than the one that encrypts now. */
  needsRotation(envelope: string): boolean
  /** 16 hex characters by which two secrets of an account can be told apart; changes with the first key. */
  fingerprint(secret: Secret, accountId: string): string
}

interface Key {
  readonly id: string
  readonly bytes: Uint8Array
}

export function createSecretBox(options: {
  readonly keys: readonly { readonly id: string; readonly secret: string }[]
}): SecretBox {
  const keys = options.keys.map(readKey)
  const [first] = keys
  if (first === undefined) throw badKey('encryption.keys: is empty.')
  const byId = new Map(keys.map((key) => [key.id, key]))
  if (byId.size < keys.length)
    throw badKey('encryption.keys: two keys have the same id.', 'Give each key an id of its own.')

  let loading: Promise<typeof import('jose')> | undefined
  const load = () => (loading ??= import('jose'))

  return {
    async seal(value, context) {
      const { CompactEncrypt } = await load()
      return new CompactEncrypt(new TextEncoder().encode(value))
        .setProtectedHeader({ alg: 'dir', enc: 'A256GCM', kid: first.id, 'igny8.ctx': contextText(context) })
        .encrypt(first.bytes)
    },
    async open(envelope, context) {
      const key = byId.get(readHeader(envelope)?.kid ?? '')
      if (key === undefined) throw unreadable('No given key opens it.')
      const { compactDecrypt } = await load()
      const opened = await compactDecrypt(envelope, key.bytes, {
        keyManagementAlgorithms: ['dir'],
        contentEncryptionAlgorithms: ['A256GCM'],
      }).catch(() => {
        throw unreadable('It was changed, or its key has another value.')
      })
      if (opened.protectedHeader['igny8.ctx'] !== contextText(context)) throw unreadable('It belongs to another place.')
      return createSecret(new TextDecoder('utf-8', { ignoreBOM: true }).decode(opened.plaintext))
    },
    needsRotation: (envelope) => readHeader(envelope)?.kid !== first.id,
    fingerprint(secret, accountId) {
      const key = createHmac('sha256', first.bytes).update('igny8 fingerprint').digest()
      return createHmac('sha256', key)
        .update(JSON.stringify([accountId, secret.reveal()]))
        .digest('hex')
        .slice(0, 16)
    },
  }
}

function contextText({ accountId, row, field, purpose }: SecretContext): string {
  return JSON.stringify([accountId, row, field, purpose])
}

function readHeader(envelope: string): { readonly kid?: string } | undefined {
  try {
    const header: unknown = JSON.parse(Buffer.from(envelope.split('.')[0] ?? '', 'base64url').toString('utf8'))
    const kid = (header as { kid?: unknown } | null)?.kid
    return typeof kid === 'string' ? { kid } : {}
  } catch {
    return undefined
  }
}

/** `Buffer` passes over characters that are not base64; a key with a slip in it must not become another key. */
function readKey(given: { readonly id: string; readonly secret: string }, index: number): Key {
  const id = String(given.id)
  const text = String(given.secret)
  const bytes = Buffer.from(text, 'base64')
  const exact = [bytes.toString('base64').replace('=', ''), bytes.toString('base64url')].includes(
    text.replace(/=$/, ''),
  )
  // By its place in the list: in a mixed-up entry the id is the secret.
  if (id === '' || bytes.length !== 32 || !exact)
    throw badKey(`encryption.keys.${index}: needs an id and exactly 32 bytes in base64.`)
  return { id, bytes }
}

function badKey(message: string, hint = 'Make one with: openssl rand -base64 32'): Igny8Error {
  return new Igny8Error({
    code: 'INVALID_INPUT',
    message,
    hint,
    details: { field: 'encryption.keys' },
  })
}

function unreadable(reason: string): Igny8Error {
  return new Igny8Error({
    code: 'SECRET_UNREADABLE',
    message: `A stored credential cannot be read. ${reason}`,
    hint: 'Give the key it was encrypted with in encryption.keys, or enter the credential anew.',
  })
}

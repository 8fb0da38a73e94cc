import { createCipheriv, createDecipheriv } from 'node:crypto'

interface GcmParameters {
  readonly iv: Uint8Array
  readonly additionalData?: Uint8Array
}

const tagBytes = 16
/** Keys that stand for a `CryptoKey`, with their bytes. */
const bytesOf = new WeakMap<object, Uint8Array>()

/**
 * Lets WebCrypto work at once, in this process: AES-GCM only, which is all that envelopes need.
 *
 * The real one works on a pool of threads, whose answers come in no fixed order: two runs of one seed would take different ways from the
 * first envelope that is opened while something else is under way.
 */
export function makeCryptoDeterministic(): void {
  const { subtle } = globalThis.crypto
  const importKey = subtle.importKey.bind(subtle) as (...input: unknown[]) => Promise<object>
  Object.assign(subtle, {
    importKey(format: string, bytes: Uint8Array, algorithm: unknown, extractable: boolean, usages: readonly string[]) {
      if (format !== 'raw' || nameOf(algorithm) !== 'AES-GCM')
        return importKey(format, bytes, algorithm, extractable, usages)
      const key = { type: 'secret', extractable, algorithm: { name: 'AES-GCM', length: bytes.length * 8 }, usages }
      bytesOf.set(key, bytes.slice())
      return Promise.resolve(key)
    },
    encrypt({ iv, additionalData }: GcmParameters, key: object, plain: Uint8Array) {
      const cipher = createCipheriv('aes-256-gcm', keyBytes(key), iv)
      if (additionalData !== undefined) cipher.setAAD(additionalData)
      const parts = [cipher.update(plain), cipher.final(), cipher.getAuthTag()]
      return Promise.resolve(toBuffer(Buffer.concat(parts)))
    },
    decrypt({ iv, additionalData }: GcmParameters, key: object, sealed: Uint8Array) {
      const given = [keyBytes(key), iv, additionalData ?? nothing, sealed]
      const question = given.map((bytes) => Buffer.from(bytes).toString('latin1')).join(' ')
      try {
        const plain = opened.get(question) ?? decryptNow(keyBytes(key), iv, additionalData, Buffer.from(sealed))
        if (opened.size >= mostOpened) opened.clear()
        opened.set(question, plain)
        return Promise.resolve(plain.slice(0))
      } catch (error) {
        return Promise.reject(error)
      }
    },
  })
}

/** The same credential is opened for each operation of a seed. */
const opened = new Map<string, ArrayBuffer>()
const mostOpened = 200
const nothing = new Uint8Array()

function decryptNow(
  key: Uint8Array,
  iv: Uint8Array,
  additionalData: Uint8Array | undefined,
  sealed: Buffer,
): ArrayBuffer {
  const decipher = createDecipheriv('aes-256-gcm', key, iv)
  if (additionalData !== undefined) decipher.setAAD(additionalData)
  decipher.setAuthTag(sealed.subarray(-tagBytes))
  return toBuffer(Buffer.concat([decipher.update(sealed.subarray(0, -tagBytes)), decipher.final()]))
}

function nameOf(algorithm: unknown): unknown {
  return typeof algorithm === 'string' ? algorithm : (algorithm as { readonly name?: unknown }).name
}

function keyBytes(key: object): Uint8Array {
  const bytes = bytesOf.get(key)
  if (bytes === undefined) throw new Error('The simulator has not made this key.')
  return bytes
}

function toBuffer(bytes: Buffer): ArrayBuffer {
  return new Uint8Array(bytes).buffer
}

import { CompactEncrypt } from 'jose'
import { describe, expect, it } from 'vitest'
import { createSecret } from './create-secret.ts'
import { createSecretBox, secretContext } from './create-secret-box.ts'

const key = (fill: number, id: string) => ({ id, secret: Buffer.alloc(32, fill).toString('base64') })
const place = secretContext('acct', 'row-1', 'wpApiKey')

describe('createSecretBox', () => {
  it('opens what it sealed, with any of its keys', async () => {
    const envelope = await createSecretBox({ keys: [key(1, 'old')] }).seal('bob:pass word', place)
    const box = createSecretBox({ keys: [key(2, 'new'), key(1, 'old')] })
    expect((await box.open(envelope, place)).reveal()).toBe('bob:pass word')
    expect([box.needsRotation(envelope), box.needsRotation(await box.seal('x', place))]).toEqual([true, false])
  })

  it.each([
    ['another account', secretContext('other', 'row-1', 'wpApiKey')],
    ['another row', secretContext('acct', 'row-2', 'wpApiKey')],
    ['another field', secretContext('acct', 'row-1', 'credentials')],
  ])('does not open an envelope in %s', async (_name, elsewhere) => {
    const box = createSecretBox({ keys: [key(1, 'a')] })
    await expect(box.open(await box.seal('s3cret', place), elsewhere)).rejects.toMatchObject({
      code: 'SECRET_UNREADABLE',
    })
  })

  it.each(['protected header', 'encrypted key', 'initialisation vector', 'ciphertext', 'tag'])(
    'does not open an envelope whose %s was changed',
    async (name) => {
      const box = createSecretBox({ keys: [key(1, 'a')] })
      const parts = (await box.seal('s3cret', place)).split('.')
      const index = ['protected header', 'encrypted key', 'initialisation vector', 'ciphertext', 'tag'].indexOf(name)
      const bytes = Buffer.from(parts[index] ?? '', 'base64url')
      for (let at = 0; at < Math.max(1, bytes.length); at++) {
        const changed = bytes.length === 0 ? Buffer.from([1]) : Buffer.from(bytes)
        changed[at] = (changed[at] ?? 0) ^ 1
        const envelope = parts.with(index, changed.toString('base64url')).join('.')
        await expect(box.open(envelope, place)).rejects.toMatchObject({ code: 'SECRET_UNREADABLE' })
      }
    },
  )

  it('does not open what was sealed under a key of the same id and another value', async () => {
    const envelope = await createSecretBox({ keys: [key(1, 'a')] }).seal('s3cret', place)
    await expect(createSecretBox({ keys: [key(2, 'a')] }).open(envelope, place)).rejects.toMatchObject({
      code: 'SECRET_UNREADABLE',
    })
  })

  it('refuses two keys of one id, and does not ask for another key', () => {
    const keys = [key(1, 'a'), key(2, 'a')]
    expect(() => createSecretBox({ keys })).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', hint: expect.not.stringContaining('openssl') }),
    )
  })

  it.each(['', '.', '....', 'nonsense', 'bnVsbA....', 'W10....', `${'a'.repeat(100_000)}.a.a.a.a`])(
    'does not open, and wants to rotate, what is no envelope',
    async (envelope) => {
      const box = createSecretBox({ keys: [key(1, 'a')] })
      expect(box.needsRotation(envelope)).toBe(true)
      await expect(box.open(envelope, place)).rejects.toMatchObject({ code: 'SECRET_UNREADABLE' })
    },
  )

  const good = { alg: 'dir', enc: 'A256GCM', kid: 'a', 'igny8.ctx': JSON.stringify(Object.values(place)) }

  it('opens an envelope that jose made with the same header and key', async () => {
    const envelope = await new CompactEncrypt(Buffer.from('s3cret'))
      .setProtectedHeader(good)
      .encrypt(Buffer.alloc(32, 1))
    expect((await createSecretBox({ keys: [key(1, 'a')] }).open(envelope, place)).reveal()).toBe('s3cret')
  })

  it.each([
    ['another content encryption of the same strength', { ...good, enc: 'A128CBC-HS256' }, 32],
    ['a weaker content encryption', { ...good, enc: 'A128GCM' }, 16],
    ['key wrapping instead of the key itself', { ...good, alg: 'A256KW' }, 32],
    ['a password instead of a key', { ...good, alg: 'PBES2-HS256+A128KW' }, 32],
    ['no context', { ...good, 'igny8.ctx': undefined }, 32],
    ['a context that is no text', { ...good, 'igny8.ctx': Object.values(place) }, 32],
    ['no key id', { ...good, kid: undefined }, 32],
    ['the id of a key that was not given', { ...good, kid: '../a' }, 32],
    ['a key id that names a property of every object', { ...good, kid: '__proto__' }, 32],
    ['a key id that is no text', { ...good, kid: ['a'] }, 32],
  ])('does not open an envelope with %s', async (_name, header, bytes) => {
    const envelope = await new CompactEncrypt(Buffer.from('s3cret'))
      .setProtectedHeader(JSON.parse(JSON.stringify(header)) as typeof good)
      .encrypt(Buffer.alloc(bytes, 1))
    await expect(createSecretBox({ keys: [key(1, 'a')] }).open(envelope, place)).rejects.toMatchObject({
      code: 'SECRET_UNREADABLE',
    })
  })

  it.each([
    { ...good, alg: 'none' },
    { ...good, enc: 'none' },
    { ...good, zip: 'DEF' },
    { ...good, crit: ['x'], x: 1 },
    { kid: 'a' },
  ])('does not open a well-formed envelope whose header says %j', async (header) => {
    const [, ...rest] = (await createSecretBox({ keys: [key(1, 'a')] }).seal('s3cret', place)).split('.')
    const envelope = [Buffer.from(JSON.stringify(header)).toString('base64url'), ...rest].join('.')
    await expect(createSecretBox({ keys: [key(1, 'a')] }).open(envelope, place)).rejects.toMatchObject({
      code: 'SECRET_UNREADABLE',
    })
  })

  it('does not confuse places whose parts run into one another', async () => {
    const box = createSecretBox({ keys: [key(1, 'a')] })
    const envelope = await box.seal('s3cret', { accountId: 'a","b', row: 'c', field: 'd', purpose: 'p' })
    await expect(box.open(envelope, { accountId: 'a', row: 'b","c', field: 'd', purpose: 'p' })).rejects.toMatchObject({
      code: 'SECRET_UNREADABLE',
    })
  })

  it('seals the same value differently each time', async () => {
    const box = createSecretBox({ keys: [key(1, 'a')] })
    const envelopes = await Promise.all(Array.from({ length: 50 }, () => box.seal('s3cret', place)))
    expect(new Set(envelopes.map((envelope) => envelope.split('.')[2])).size).toBe(50)
  })

  it.each(['', '\uFEFFbyte order mark', 'pä ss 𝕨 ord\n', 'x'.repeat(100_000)])(
    'gives back exactly what it sealed',
    async (value) => {
      const box = createSecretBox({ keys: [key(1, 'a')] })
      expect((await box.open(await box.seal(value, place), place)).reveal()).toBe(value)
    },
  )

  const bytes = Buffer.from(Array.from({ length: 32 }, (_, index) => 248 + (index % 8)))

  it.each([
    bytes.toString('base64'),
    bytes.toString('base64').replace('=', ''),
    bytes.toString('base64url'),
    `${bytes.toString('base64url')}=`,
  ])('takes a key in base64 and base64url, with and without padding', (secret) => {
    expect(createSecretBox({ keys: [{ id: 'a', secret }] }).fingerprint(createSecret('x'), 'a')).toBe(
      createSecretBox({ keys: [{ id: 'b', secret: bytes.toString('base64') }] }).fingerprint(createSecret('x'), 'a'),
    )
  })

  it.each([
    ['none', []],
    ['too short', [{ id: 'a', secret: Buffer.alloc(31).toString('base64') }]],
    ['too long', [{ id: 'a', secret: Buffer.alloc(33).toString('base64') }]],
    ['of 64 hexadecimal digits', [{ id: 'a', secret: 'abcd'.repeat(16) }]],
    ['with a character that is not base64', [{ id: 'a', secret: `${'abcd'.repeat(10)}!abc=` }]],
    ['with characters of both alphabets', [{ id: 'a', secret: `${'abcd'.repeat(10)}-/c=` }]],
    ['with a line break', [{ id: 'a', secret: `${Buffer.alloc(32).toString('base64')}\n` }]],
    ['with bits left over', [{ id: 'a', secret: `${'abcd'.repeat(10)}abd=` }]],
    ['without an id', [key(1, '')]],
    ['whose id and secret were mixed up', [{ id: `${'abcd'.repeat(10)}abc=`, secret: 'first' }]],
    ['with an id twice', [key(1, 'abcd'), key(2, 'abcd')]],
    ['that are not even texts', [{ id: undefined, secret: undefined } as never]],
  ])('refuses keys %s, without repeating them', (_name, keys) => {
    expect(() => createSecretBox({ keys })).toThrow(
      expect.objectContaining({ code: 'INVALID_INPUT', message: expect.not.stringContaining('abcd') }),
    )
  })

  it('gives fingerprints that differ by secret and by account', () => {
    const box = createSecretBox({ keys: [key(1, 'a')] })
    const prints = [
      box.fingerprint(createSecret('x'), 'a'),
      box.fingerprint(createSecret('y'), 'a'),
      box.fingerprint(createSecret('x'), 'b'),
    ]
    expect(new Set(prints).size).toBe(3)
    expect(box.fingerprint(createSecret('x'), 'a')).toBe(prints[0])
  })
})

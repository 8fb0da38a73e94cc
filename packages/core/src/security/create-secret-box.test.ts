import { inspect } from 'node:util'
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

  it('does not open a changed envelope, nor one of an unknown key', async () => {
    const box = createSecretBox({ keys: [key(1, 'a')] })
    const envelope = await box.seal('s3cret', place)
    const changed = `${envelope.slice(0, -3)}${envelope.endsWith('AAA') ? 'BBB' : 'AAA'}`
    await expect(box.open(changed, place)).rejects.toMatchObject({ code: 'SECRET_UNREADABLE' })
    await expect(createSecretBox({ keys: [key(1, 'b')] }).open(envelope, place)).rejects.toMatchObject({
      code: 'SECRET_UNREADABLE',
    })
    await expect(box.open('nonsense', place)).rejects.toMatchObject({ code: 'SECRET_UNREADABLE' })
  })

  it.each([[[]], [[{ id: 'short', secret: 'abcd' }]], [[key(1, 'twice'), key(2, 'twice')]]])(
    'refuses unusable keys without repeating them',
    (keys) => {
      expect(() => createSecretBox({ keys })).toThrow(
        expect.objectContaining({ code: 'INVALID_INPUT', message: expect.not.stringContaining('abcd') }),
      )
    },
  )

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

describe('createSecret', () => {
  it('prints nowhere', () => {
    const secret = createSecret('hunter2')
    const shown = [
      `${secret}`,
      JSON.stringify({ secret }),
      inspect({ secret }, { depth: 9, showHidden: true }),
      Object.values(secret).join(),
      String(new Error(`${secret}`)),
    ]
    expect(shown.join()).not.toContain('hunter2')
    expect(secret.reveal()).toBe('hunter2')
  })
})

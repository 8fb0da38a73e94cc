import { format, inspect } from 'node:util'
import { describe, expect, it } from 'vitest'
import { Igny8Error } from '../errors/igny8-error.ts'
import type { Secret } from '../ports/secret.ts'
import { createSecret } from './create-secret.ts'

const ways: readonly [string, (secret: Secret) => unknown][] = [
  ['a template', (secret) => `${secret}`],
  ['concatenation', (secret) => `${String(secret)}${[secret].join()}`],
  ['arithmetic', (secret) => Number(secret)],
  ['JSON', (secret) => JSON.stringify({ secret, list: [secret] })],
  ['inspect', (secret) => inspect({ secret }, { depth: 9, showHidden: true, getters: true })],
  ['inspect without custom functions', (secret) => inspect(secret, { customInspect: false, showHidden: true })],
  ['a Map', (secret) => inspect(new Map([[secret, secret]]), { depth: 9 })],
  [
    'every placeholder of format',
    (secret) => format('%s %o %O %j %d %i', secret, secret, secret, secret, secret, secret),
  ],
  ['format without a placeholder', (secret) => format(secret, { secret })],
  [
    'entries, keys and values',
    (secret) => inspect([Object.entries(secret), Object.keys(secret), Object.values(secret)]),
  ],
  ['a spread', (secret) => inspect({ ...secret }, { showHidden: true })],
  ['Object.assign', (secret) => JSON.stringify(Object.assign({}, secret))],
  ['structuredClone', (secret) => inspect(structuredClone(secret), { showHidden: true })],
  [
    'property descriptors',
    (secret) => inspect(Object.getOwnPropertyDescriptors(secret), { showHidden: true, depth: 9 }),
  ],
  ['the text of its functions', (secret) => `${secret.reveal}${secret.toString}${secret.toJSON}`],
  ['an error message', (secret) => inspect(new Error(`failed with ${secret}`))],
  [
    'the cause of an error',
    (secret) => inspect(new Error('failed', { cause: secret }), { showHidden: true, depth: 9 }),
  ],
  ['an error of ours', (secret) => errorOfOurs(secret)],
]

function errorOfOurs(secret: Secret): string {
  const error = new Igny8Error({
    code: 'AUTH_FAILED',
    message: `refused ${secret}`,
    details: { secret: secret as never },
    cause: { secret },
  })
  return inspect(error, { showHidden: true, depth: 9 }) + JSON.stringify(error) + String(error) + error.stack
}

describe('createSecret', () => {
  it.each(ways)('does not show in %s', (_name, show) => {
    expect(inspect(show(createSecret('hunter2')), { depth: 9 })).not.toContain('hunter2')
  })

  it('reads [secret] where it is printed, and reveals its value where asked', () => {
    const secret = createSecret('hunter2')
    expect([`${secret}`, JSON.stringify({ secret }), inspect(secret), secret.reveal()]).toEqual([
      '[secret]',
      '{"secret":"[secret]"}',
      '[secret]',
      'hunter2',
    ])
  })

  it('cannot be changed', () => {
    const secret = createSecret('hunter2')
    expect(() => Object.assign(secret, { reveal: () => 'other' })).toThrow(TypeError)
    expect(() => Object.defineProperty(secret, 'toJSON', { value: () => 'hunter2' })).toThrow(TypeError)
  })
})

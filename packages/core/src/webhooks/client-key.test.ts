import { expect, it } from 'vitest'
import { clientKey } from './client-key.ts'

it.each([
  ['203.0.113.7', '203.0.113.7'],
  ['::ffff:203.0.113.7', '203.0.113.7'],
  ['::FFFF:203.0.113.7', '203.0.113.7'],
  ['::ffff:2', clientKey('::1')],
  ['2001:db8:1:2:3:4:5:6', clientKey('2001:db8:1:2::')],
  ['2001:db8:1:2:ffff::1', clientKey('2001:db8:1:2::')],
  ['unix socket', 'unix socket'],
  ['x'.repeat(5_000), 'x'.repeat(100)],
])('puts %s into the bucket of %s', (address, key) => {
  expect(clientKey(address)).toBe(key)
})

it('tells networks apart', () => {
  const keys = ['2001:db8:1:2::1', '2001:db8:1:3::1', '203.0.113.7', '203.0.113.8'].map(clientKey)
  expect(new Set(keys).size).toBe(4)
})

import { expect, it } from 'vitest'
import { readOptions } from './read-options.ts'

const choices = { version: ['6.8', '7.1'], database: ['sqlite', 'mariadb'] } as const

it('takes the first choice where nothing is said', () => {
  expect(readOptions([], choices)).toEqual({ values: { version: '6.8', database: 'sqlite' }, rest: [] })
})

it('reads both ways of writing an option, and leaves the rest to the program', () => {
  const given = ['--version', '7.1', '--reporter=json', '--database=mariadb', 'push', '-t', 'a']
  expect(readOptions(given, choices)).toEqual({
    values: { version: '7.1', database: 'mariadb' },
    rest: ['--reporter=json', 'push', '-t', 'a'],
  })
})

it.each([[['--version', '5.0']], [['--version']], [['--version=']], [['--database', 'oracle']]])(
  'refuses %j',
  (given) => {
    expect(() => readOptions(given, choices)).toThrow(/^--(version takes 6\.8, 7\.1|database takes sqlite, mariadb)/)
  },
)

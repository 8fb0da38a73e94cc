import { expect, it } from 'vitest'
import { readArguments } from './read-arguments.ts'

it('starts 6.8 on SQLite without arguments', () => {
  expect(readArguments([], {})).toEqual({
    kind: 'start',
    start: { version: '6.8', database: 'sqlite', port: 0 },
    seed: undefined,
    quiet: false,
  })
})

it('takes everything that can be chosen', () => {
  const line = '--version 7.1 --database mariadb --server php --port 8080 --timezone Europe/Berlin --posts 10000 --json'
  expect(readArguments(line.split(' '), { IGNY8_WORDPRESS_CACHE: '/cache' })).toEqual({
    kind: 'start',
    start: {
      version: '7.1',
      database: 'mariadb',
      server: 'php',
      port: 8080,
      timezone: 'Europe/Berlin',
      cacheDirectory: '/cache',
    },
    seed: { posts: 10_000 },
    quiet: true,
  })
})

it('seeds with the defaults when asked for no numbers', () => {
  expect(readArguments(['--seed'], {})).toMatchObject({ seed: {} })
})

it('helps rather than complains', () => {
  expect(readArguments(['--version', '1', '--help'], {})).toEqual({ kind: 'help' })
})

it.each([
  [['--version', '5.0'], '--version takes 6.1, 6.8, 7.1, not "5.0"'],
  [['--database', 'oracle'], '--database takes sqlite, mariadb'],
  [['--server', 'apache'], '--server takes'],
  [['--port', '70000'], '--port takes a whole number from 0 to 65535'],
  [['--posts', '-1'], '--posts'],
  [['--timezone', 'Mars/Olympus'], '--timezone takes a name'],
  [['--bogus'], "Unknown option '--bogus'"],
  [['extra'], "Unexpected argument 'extra'"],
])('refuses %j with a message that helps', (line, message) => {
  expect(() => readArguments(line, {})).toThrow(message)
})

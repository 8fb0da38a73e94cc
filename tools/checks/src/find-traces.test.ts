import { expect, it } from 'vitest'
import { findTraces } from './find-traces.ts'

/** A folder at the root, in pieces: this file names none of a machine itself. */
const folder = (name: string) => `/${name}`

const messages = (text: string) => findTraces({ path: 'a.md', text }).map(({ line, message }) => `${line} ${message}`)

it.each([
  `see ${folder('work')}/main/packages`,
  `cd '${folder('root')}/project'`,
  `const home = "${folder('root')}"`,
  'file:///home/anna/project',
  '/Users/anna/project',
  'C:\\Users\\anna',
  '"resolved": "https://mirror.example/zod.tgz"',
  'npm config set registry https://registry.npmjs.org/',
  'As asked for in issue 12.',
  'Works around it (fixes #7).',
  'Co-authored-by: someone',
])('reports %s', (line) => {
  expect(messages(`first\n${line}`)).toEqual([expect.stringMatching(/^2 /)])
})

it.each([
  'GET /wp-json/wp/v2/users',
  'packages/work/src',
  'folder/work/a',
  'client.get(apiRoot + "/rooted")',
  'https://example.com/home/page',
  'the root of the repository, and the home page',
  '/var/lib/mysql',
  'color: #123456',
])('accepts %s', (line) => {
  expect(messages(line)).toEqual([])
})

import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ts from 'typescript'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { findUndocumented } from './find-undocumented.ts'

let directory = ''
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'igny8-undocumented-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

it('reports every kind of export without a doc comment, once, where it is declared', async () => {
  const code = [
    '/** Told. */',
    'export const told = 1',
    'export const untold = 2',
    '// No doc comment.',
    'export interface Plain { member: string }',
    'export type Alias = string',
    'export function act(): void {}',
    'export const hidden = 3',
  ]
  await writeFile(join(directory, 'a.ts'), code.join('\n'))
  await writeFile(
    join(directory, 'index.ts'),
    "export { told, untold, act } from './a.ts'\nexport type { Alias, Plain } from './a.ts'\n",
  )
  await writeFile(join(directory, 'other.ts'), "export { untold } from './a.ts'\n")
  const entries = [join(directory, 'index.ts'), join(directory, 'other.ts')]
  const options = { allowImportingTsExtensions: true, noEmit: true, module: ts.ModuleKind.Preserve, types: [] }
  const found = findUndocumented(directory, entries, options).map(
    ({ file, line, message }) => `${file}:${line} ${message}`,
  )
  expect(found.sort()).toEqual([
    'a.ts:3 untold is exported without a doc comment',
    'a.ts:5 Plain is exported without a doc comment',
    'a.ts:6 Alias is exported without a doc comment',
    'a.ts:7 act is exported without a doc comment',
  ])
})

import { describe, expect, it } from 'vitest'
import { findWrongImports } from './find-wrong-imports.ts'

const workspaces = ['packages/core', 'packages/wordpress', 'packages/storage-memory', 'tests']

function problemsOf(path: string, text: string): string[] {
  return findWrongImports([{ path, text }], workspaces).map(({ line, message }) => `${line}: ${message}`)
}

function isAllowed(path: string, ...lines: string[]): boolean {
  return problemsOf(path, lines.join('\n')).length === 0
}

describe('inside core', () => {
  it('follows the arrows from model and errors to ports, capabilities, create-igny8 and index', () => {
    expect(isAllowed('packages/core/src/ports/a.ts', "import type { A } from '../model/a.ts'")).toBe(true)
    expect(isAllowed('packages/core/src/sync/push.ts', "import { a } from '../ports/a.ts'", "import './b.ts'")).toBe(
      true,
    )
    expect(isAllowed('packages/core/src/create-igny8.ts', "import { push } from './sync/push.ts'")).toBe(true)
    expect(isAllowed('packages/core/src/index.ts', "export { createIgny8 } from './create-igny8.ts'")).toBe(true)
  })

  it.each([
    ['model/content.ts', '../ports/storage.ts'],
    ['errors/igny8-error.ts', '../model/content.ts'],
    ['ports/storage.ts', '../sync/push.ts'],
    ['sync/push.ts', '../connections/connect.ts'],
    ['sync/push.ts', '../adapter-kit/create-http-client.ts'],
    ['sync/push.ts', '../create-igny8.ts'],
    ['adapter-kit/index.ts', '../sync/push.ts'],
    ['testing/index.ts', '../create-igny8.ts'],
    ['sync/nested/push.ts', '../../content/content-api.ts'],
    ['create-igny8.ts', './index.ts'],
    ['index.ts', './adapter-kit/create-http-client.ts'],
  ])('refuses %s importing %s', (path, specifier) => {
    expect(problemsOf(`packages/core/src/${path}`, `import { a } from '${specifier}'`)).toHaveLength(1)
  })

  it('sees every way of importing, and says on which line', () => {
    const text = [
      "import type { A } from '../connections/a.ts'",
      "export * from '../connections/b.ts'",
      "export type { C } from '../connections/c.ts'",
      "const d = () => import('../connections/d.ts')",
      "type E = import('../connections/e.ts').E",
      "// import { f } from '../connections/f.ts'",
      'const text = "import { g } from \'../connections/g.ts\'"',
    ].join('\n')
    expect(problemsOf('packages/core/src/sync/push.ts', text).map((line) => line.slice(0, 2))).toEqual([
      '1:',
      '2:',
      '3:',
      '4:',
      '5:',
    ])
  })

  it('refuses a folder that has no rule', () => {
    expect(problemsOf('packages/core/src/common/a.ts', "import { b } from '../model/b.ts'")).toEqual([
      '1: "common" has no row in import-rules.ts',
    ])
  })

  it('lets tests use the fakes, and no source a test', () => {
    expect(isAllowed('packages/core/src/sync/push.test.ts', "import { a } from '../testing/a.ts'")).toBe(true)
    expect(isAllowed('packages/core/src/sync/push.ts', "import { a } from '../testing/a.ts'")).toBe(false)
    expect(isAllowed('packages/core/src/sync/push.ts', "import { a } from './a.test.ts'")).toBe(false)
    expect(isAllowed('packages/core/src/sync/push.test.ts', "import { a } from '../connections/a.ts'")).toBe(false)
  })

  it('wants heavy packages loaded at first use', () => {
    expect(isAllowed('packages/core/src/security/encrypt.ts', "import { jwtDecrypt } from 'jose'")).toBe(false)
    expect(isAllowed('packages/core/src/security/encrypt.ts', "import { type JWE } from 'jose'")).toBe(false)
    expect(isAllowed('packages/core/src/security/encrypt.ts', "import type { JWE } from 'jose'")).toBe(true)
    expect(isAllowed('packages/core/src/security/encrypt.ts', "const jose = () => import('jose')")).toBe(true)
  })
})

describe('between packages', () => {
  it.each([
    ['packages/core/src/sync/push.ts', '@igny8/wordpress'],
    ['packages/core/src/sync/push.ts', '@igny8-tools/wordpress'],
    ['packages/core/src/sync/push.test.ts', '@igny8/wordpress'],
    ['packages/wordpress/src/wordpress-adapter.ts', '@igny8/storage-memory'],
    ['packages/storage-memory/src/create-memory-storage.ts', '@igny8/wordpress/blocks'],
    ['packages/wordpress/src/wordpress-adapter.ts', '../../core/src/index.ts'],
    ['tests/src/wordpress/push.integration.test.ts', '../../../packages/core/src/index.ts'],
  ])('refuses %s importing %s', (path, specifier) => {
    expect(problemsOf(path, `import { a } from '${specifier}'`)).toHaveLength(1)
  })

  it('lets a package import core by its name, and the tests workspace everything', () => {
    expect(
      isAllowed('packages/wordpress/src/wordpress-adapter.ts', "import { a } from '@igny8/core/adapter-kit'"),
    ).toBe(true)
    expect(isAllowed('packages/wordpress/src/wordpress-adapter.ts', "import { a } from './a.ts'")).toBe(true)
    expect(isAllowed('tests/src/a.test.ts', "import { a } from '@igny8/wordpress'")).toBe(true)
  })
})

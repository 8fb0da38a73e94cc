import { describe, expect, it } from 'vitest'
import { findFileProblems, findPackageProblems, type Manifest, type PackageFolder } from './find-shape-problems.ts'

const manifest: Manifest = {
  name: '@igny8/ghost',
  description: 'The Ghost adapter.',
  license: 'MIT',
  type: 'module',
  sideEffects: false,
  engines: { node: '>=22.12' },
  files: ['dist', 'README.md', 'LICENSE'],
  exports: {
    '.': { '@igny8/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
    './package.json': './package.json',
  },
  scripts: { build: 'tsup', prepack: 'npm run build' },
}

const names = ['README.md', 'LICENSE', 'tsup.config.ts', 'typedoc.json']
const sources = ['src/index.ts', 'src/ghost-adapter.ts', 'src/ghost-client.ts']

const ghost: PackageFolder = {
  folder: 'ghost',
  manifest,
  paths: [...names, ...sources].map((path) => `packages/ghost/${path}`),
  licence: 'MIT License',
  bundled: [],
  thirdPartyLicences: undefined,
}

function messagesOf(change: Partial<PackageFolder>): string[] {
  return findPackageProblems({ ...ghost, ...change }, 'MIT License').map(({ file, message }) => `${file} ${message}`)
}

describe('the shape of a package', () => {
  it('accepts a complete adapter', () => {
    expect(messagesOf({})).toEqual([])
  })

  it.each<[string, Partial<Manifest>]>([
    ['name', { name: '@igny8/casper' }],
    ['description', { description: '' }],
    ['license', { license: 'ISC' }],
    ['type', { type: 'commonjs' }],
    ['sideEffects', { sideEffects: true }],
    ['engines', { engines: { node: '>=20' } }],
    ['files', { files: ['dist'] }],
    ['build', { scripts: { prepack: 'npm run build' } }],
    ['prepack', { scripts: { build: 'tsup' } }],
    ['exports', { exports: { '.': { default: './dist/index.js' }, './package.json': './package.json' } }],
  ])('reports a wrong %s', (_, change) => {
    expect(messagesOf({ manifest: { ...manifest, ...change } })).not.toEqual([])
  })

  it.each<[string, Readonly<Record<string, string>>]>([
    ['must have', { types: './dist/index.d.ts', '@igny8/source': './src/index.ts', default: './dist/index.js' }],
    ['same file', { '@igny8/source': './src/index.ts', types: './dist/other.d.ts', default: './dist/index.js' }],
    ['does not exist', { '@igny8/source': './src/a.ts', types: './dist/a.d.ts', default: './dist/a.js' }],
  ])('reports an entry: %s', (message, entry) => {
    const exports = { '.': entry, './package.json': './package.json' }
    expect(messagesOf({ manifest: { ...manifest, exports } })).toEqual([expect.stringContaining(message)])
  })

  it.each([...names, 'src/ghost-adapter.ts', 'src/ghost-client.ts'].filter((name) => name !== 'LICENSE'))(
    'reports that %s is missing',
    (name) => {
      const paths = ghost.paths.filter((path) => path !== `packages/ghost/${name}`)
      expect(messagesOf({ paths })).toEqual([`packages/ghost/${name} is missing`])
    },
  )

  it('reports a licence that is missing or differs', () => {
    expect(messagesOf({ licence: undefined })).toHaveLength(1)
    expect(messagesOf({ licence: 'Apache' })).toHaveLength(1)
  })

  it('wants the licence of what its build takes in, published', () => {
    const thirdPartyLicences = '## zod\n\n> MIT'
    const files = [...(manifest.files ?? []), 'THIRD-PARTY-LICENSES.md']
    const bundling = { manifest: { ...manifest, files }, bundled: ['zod'], thirdPartyLicences }
    expect(messagesOf(bundling)).toEqual([])
    expect(messagesOf({ ...bundling, manifest })).toHaveLength(1)
    expect(messagesOf({ ...bundling, bundled: ['zod', 'jose'] })).toEqual([
      'packages/ghost/THIRD-PARTY-LICENSES.md must have the licence of jose',
    ])
    expect(messagesOf({ ...bundling, thirdPartyLicences: undefined })).toHaveLength(1)
  })

  it('wants the factory of a storage in its own file', () => {
    const storage = { ...manifest, name: '@igny8/storage-file' }
    const paths = ghost.paths.map((path) => path.replace('ghost/', 'storage-file/'))
    expect(messagesOf({ folder: 'storage-file', manifest: storage, paths })).toEqual([
      'packages/storage-file/src/create-file-storage.ts is missing',
    ])
  })
})

describe('the shape of a file', () => {
  const entries = ['packages/core/src/index.ts', 'packages/core/src/testing/index.ts']
  const messages = (path: string, text = '') => findFileProblems({ path, text }, entries).map(({ message }) => message)

  it('accepts 400 lines of source and 500 of a test, and not one more', () => {
    const lines = (count: number) => 'a\n'.repeat(count)
    expect(messages('packages/core/src/model/a.ts', lines(400))).toEqual([])
    expect(messages('packages/core/src/model/a.ts', lines(401))).toHaveLength(1)
    expect(messages('packages/core/src/model/a.test.ts', lines(500))).toEqual([])
    expect(messages('packages/core/src/model/a.test.ts', lines(501))).toHaveLength(1)
  })

  it.each([
    'packages/core/src/utils.ts',
    'packages/core/src/sync/helpers.ts',
    'packages/core/src/types.ts',
    'tools/checks/src/common/files.ts',
    'packages/core/src/createIgny8.ts',
    'packages/core/src/create_igny8.ts',
    'packages/core/src/sync/index.ts',
    'tools/checks/src/index.ts',
  ])('reports the name %s', (path) => {
    expect(messages(path)).toHaveLength(1)
  })

  it.each(['tsup.config.ts', 'uuid-v7.ts', 'push.integration.test.ts', 'type-guards.ts'])(
    'accepts the name %s',
    (name) => {
      expect(messages(`packages/core/src/${name}`)).toEqual([])
    },
  )

  it('wants names only in an entry', () => {
    const names =
      "// Why.\nexport { a, type B } from './a.ts'\nexport type * from './b.ts'\nexport * as c from './c.ts'\n"
    expect(messages('packages/core/src/index.ts', names)).toEqual([])
    expect(messages('packages/core/src/index.ts', 'export {}\n')).toEqual([])
    expect(messages('packages/core/src/index.ts', `${names}export const d = 1\n`)).toHaveLength(1)
    expect(messages('packages/core/src/testing/index.ts', "import './a.ts'\n")).toHaveLength(1)
  })

  it('knows one class', () => {
    expect(messages('packages/core/src/errors/igny8-error.ts', 'export class Igny8Error extends Error {}')).toEqual([])
    expect(messages('packages/core/src/model/site.ts', 'export class Site {}')).toHaveLength(1)
  })
})

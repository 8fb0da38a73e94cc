import { describe, expect, it } from 'vitest'
import { findMissingPaths } from './find-missing-paths.ts'

const names = {
  paths: [
    'README.md',
    'docs/decisions/001-storage.md',
    'packages/core/src/create-igny8.ts',
    'packages/core/src/ports/storage.ts',
    'packages/wordpress/README.md',
    'packages/wordpress/src/map-content-to-post.ts',
    'examples/minimal/server.ts',
    '.ci/run',
  ],
  scripts: { '': ['check', 'test', 'bench:import'], 'examples/minimal': ['start'] },
}

function missingIn(text: string, path = 'README.md'): string[] {
  return findMissingPaths({ path, text }, names).map(({ line, message }) => `${line} ${message.split(': ')[1]}`)
}

describe('paths in inline code', () => {
  it.each([
    'packages/core/src/sync/push.ts',
    'packages/core/source',
    'packages/ghost/',
    '.ci/start',
    'create-igny9.ts',
    'DESIGN.md',
    'ports/clock.ts',
    'docs/decisions/002-*.md',
    'packages/*/LICENCE',
    'packages/core/src/create.ts:12',
  ])('reports %s', (path) => {
    expect(missingIn(`first\nsee \`${path}\``)).toEqual([`2 ${path}`])
  })

  it.each([
    'packages/core/src/create-igny8.ts',
    'packages/core/src/create-igny8.ts:12',
    'packages/core/src/',
    'packages/core',
    'create-igny8.ts',
    'ports/storage.ts',
    'packages/*/src',
    'map-*-to-*.ts',
    'docs/decisions/*.md',
    '.ci/run',
    'packages/core/dist/index.js',
    'docs/api',
    '@igny8/core/testing',
    '/wp-json/wp/v2/posts',
    'application/json',
    'packages/<name>/src/<name>-adapter.ts',
    'https://example.com/index.md',
    'draft/pending',
    '*.proof.test.ts',
    'npm test',
  ])('accepts %s', (path) => {
    expect(missingIn(`\`${path}\``)).toEqual([])
  })

  it('looks beside the document too', () => {
    expect(missingIn('`src/map-content-to-post.ts`', 'packages/wordpress/README.md')).toEqual([])
    expect(missingIn('`./src/map-content-to-page.ts`', 'packages/wordpress/README.md')).toHaveLength(1)
  })
})

describe('links', () => {
  it('must lead to a file or folder, from where the document is', () => {
    expect(missingIn('[a](packages/core) [b](README.md#start) [c](https://example.com) [d](#start)')).toEqual([])
    expect(missingIn('[a](../../README.md)', 'packages/wordpress/README.md')).toEqual([])
    expect(missingIn('[a](packages/ghost) [b](LICENCE)')).toEqual(['1 packages/ghost', '1 LICENCE'])
    expect(missingIn('[a](README.md)', 'docs/decisions/001-storage.md')).toEqual(['1 README.md'])
  })
})

describe('npm scripts', () => {
  it('must exist, in code blocks too', () => {
    expect(missingIn('```sh\nnpm run check -- --json\nnpm run bench:import && npm test\n```')).toEqual([])
    expect(missingIn('```sh\nnpm run chek\n```\n`npm run bench:push`')).toEqual(['2 run chek', '4 run bench:push'])
    expect(missingIn('npm start')).toEqual(['1 start'])
  })

  it('may be those of the workspace that the document is in', () => {
    expect(missingIn('`npm start`', 'examples/minimal/README.md')).toEqual([])
  })
})

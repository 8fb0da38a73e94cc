import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from 'vitest'
import { findContentProblems, findTarballProblems } from './find-tarball-problems.ts'
import { runCommand } from './run-command.ts'

describe('what a tarball holds', () => {
  const complete = ['package.json', 'README.md', 'LICENSE', 'dist/index.js', 'dist/index.d.ts', 'dist/index.js.map']

  it('is the build and what npm asks for', () => {
    expect(findContentProblems(complete)).toEqual([])
  })

  it.each(complete.slice(0, 5))('must have %s', (missing) => {
    expect(findContentProblems(complete.filter((file) => file !== missing))).toEqual([`the tarball has no ${missing}`])
  })

  it.each(['src/index.ts', 'tsup.config.ts', '.env', 'dist/a.test.js', 'dist/fixtures/a.js'])(
    'must not have %s',
    (extra) => {
      expect(findContentProblems([...complete, extra])).toEqual([`the tarball should not have ${extra}`])
    },
  )
})

describe('a packed package', () => {
  let directory = ''
  beforeEach(async () => {
    directory = await mkdtemp(join(tmpdir(), 'igny8-tarball-'))
  })
  afterEach(() => rm(directory, { recursive: true, force: true }))

  async function problemsOf(exports: unknown, files: Readonly<Record<string, string>>): Promise<string[]> {
    const manifest = { name: 'example', version: '1.0.0', license: 'MIT', type: 'module', sideEffects: false, exports }
    const all = { 'package.json': JSON.stringify(manifest), 'README.md': '# Example', LICENSE: 'MIT', ...files }
    for (const [path, text] of Object.entries(all)) {
      await mkdir(dirname(join(directory, path)), { recursive: true })
      await writeFile(join(directory, path), text)
    }
    await runCommand('npm', ['pack', '--ignore-scripts'], { cwd: directory })
    return findTarballProblems(new Uint8Array(await readFile(join(directory, 'example-1.0.0.tgz'))))
  }

  const code = { 'dist/index.js': 'export const a = 1\n', 'dist/index.d.ts': 'export declare const a: number\n' }

  it('may name its sources under a condition of our own', async () => {
    const exports = {
      '.': { '@igny8/source': './src/index.ts', types: './dist/index.d.ts', default: './dist/index.js' },
    }
    expect(await problemsOf(exports, code)).toEqual([])
  })

  it('is reported where an entry leads nowhere', async () => {
    const exports = { '.': { types: './dist/index.d.ts', default: './dist/main.js' } }
    const problems = await problemsOf(exports, code)
    expect(problems).toContainEqual(expect.stringMatching(/^publint: .*dist\/main\.js/))
  })

  it('is reported where the types say more than the code has', async () => {
    const exports = { '.': { types: './dist/index.d.ts', default: './dist/index.js' } }
    const problems = await problemsOf(exports, { ...code, 'dist/index.js': 'module.exports = { a: 1 }\n' })
    expect(problems).not.toEqual([])
  })

  it('is reported where its declarations offer a value that its code does not export, by way of another file too', async () => {
    const exports = { '.': { types: './dist/index.d.ts', default: './dist/index.js' } }
    const types = "export { a, b as c, D, type e } from './chunk.js'\n"
    const chunk =
      'export declare const a: number\nexport declare const b: number\nexport interface D {}\nexport declare const e: number\n'
    const files = { ...code, 'dist/index.d.ts': types, 'dist/chunk.d.ts': chunk }
    expect(await problemsOf(exports, files)).toEqual(['. declares the value c, which its code does not export'])
  })

  it('is reported where an entry has no types', async () => {
    const exports = { '.': { types: './dist/index.d.ts', default: './dist/index.js' }, './kit': './dist/kit.js' }
    const problems = await problemsOf(exports, { ...code, 'dist/kit.js': 'export const b = 1\n' })
    expect(problems).toContainEqual(expect.stringMatching(/^attw: .*UntypedResolution/))
  })
})

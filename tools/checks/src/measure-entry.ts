import { gzipSync } from 'node:zlib'
import { build } from 'esbuild'
import { projectRoot } from './project-files.ts'

/** Bytes after minifying and gzip. */
export interface EntrySize {
  /** Code of this package alone, what it loads later included. */
  readonly ownBytes: number
  /** Everything that importing the entry loads, dependencies included; what comes by `import()` is not. */
  readonly loadedBytes: number
}

/** Bundles an entry of one of our packages from its sources, and weighs it. */
export async function measureEntry(entry: string): Promise<EntrySize> {
  const own = await bundle(entry, (specifier) => specifier !== entry && !specifier.startsWith('.'))
  const whole = await bundle(entry, () => false)
  return { ownBytes: weigh(own), loadedBytes: weigh(loadedAtImport(whole)) }
}

interface Chunk {
  readonly name: string
  readonly contents: Uint8Array
  readonly isEntry: boolean
  /** Chunks that this one imports statically. */
  readonly imports: readonly string[]
}

async function bundle(entry: string, isExternal: (specifier: string) => boolean): Promise<Chunk[]> {
  const result = await build({
    stdin: { contents: `export * from '${entry}'`, resolveDir: `${projectRoot}/benches` },
    absWorkingDir: projectRoot,
    outdir: 'out',
    bundle: true,
    splitting: true,
    minify: true,
    write: false,
    metafile: true,
    format: 'esm',
    platform: 'node',
    target: 'node22',
    conditions: ['@igny8/source'],
    logLevel: 'error',
    plugins: [
      {
        name: 'externals',
        setup(setup) {
          setup.onResolve({ filter: /.*/ }, ({ path }) => (isExternal(path) ? { path, external: true } : undefined))
        },
      },
    ],
  })
  return result.outputFiles.map(({ path, contents }) => {
    const name = Object.keys(result.metafile.outputs).find((output) => path.endsWith(`/${output}`)) ?? path
    const output = result.metafile.outputs[name]
    const imports = (output?.imports ?? []).flatMap(({ kind, path: to, external }) =>
      kind === 'import-statement' && external !== true ? [to] : [],
    )
    return { name, contents, isEntry: name.endsWith('/stdin.js'), imports }
  })
}

function loadedAtImport(chunks: readonly Chunk[]): Chunk[] {
  const loaded = new Set<Chunk>()
  const visit = (chunk: Chunk | undefined): void => {
    if (chunk === undefined || loaded.has(chunk)) return
    loaded.add(chunk)
    for (const name of chunk.imports) visit(chunks.find((candidate) => candidate.name === name))
  }
  for (const chunk of chunks) if (chunk.isEntry) visit(chunk)
  return [...loaded]
}

function weigh(chunks: readonly Chunk[]): number {
  return chunks.reduce((sum, { contents }) => sum + gzipSync(contents, { level: 9 }).byteLength, 0)
}

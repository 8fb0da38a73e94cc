import { databases, wordPressVersions } from '@igny8-tools/wordpress'
import { orExit } from './or-exit.ts'
import { readOptions } from './read-options.ts'
import { runVitest } from './run-vitest.ts'

// Runs the suites that need a WordPress against one version and database:
// npm run test:wordpress -- [--version 6.8] [--database sqlite] [what vitest takes]

const choices = { version: ['6.8', ...wordPressVersions], database: ['sqlite', ...databases] } as const
const { values, rest } = orExit(() => readOptions(process.argv.slice(2), choices))
console.log(`WordPress ${values.version} on ${values.database}`)
await runVitest(['--project', 'integration', 'tests/src/wordpress', 'tools/wordpress', ...rest], {
  IGNY8_WORDPRESS_VERSION: values.version,
  IGNY8_WORDPRESS_DATABASE: values.database,
  IGNY8_REQUIRE_SERVICES: '1',
})

import { parseArgs } from 'node:util'
import { createApiKeys } from './api-keys.ts'
import { createLogger } from './create-logger.ts'
import { openDatabase } from './open-database.ts'
import { readConfiguration } from './read-configuration.ts'

// Makes an API key. Usage: npm run create-key -- --account acct_1 [--name laptop]. On PGlite the host must not run meanwhile.

const { values } = parseArgs({
  options: { account: { type: 'string' }, name: { type: 'string', default: 'default' } },
})
if (values.account === undefined || values.account === '') throw new Error('--account: is needed.')
const database = await openDatabase(await readConfiguration(process.env), createLogger('warn'))
console.log(await createApiKeys(database.query).create(values.account, values.name))
await database.close()

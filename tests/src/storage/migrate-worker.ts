import { createPostgresStorage } from '@igny8/storage-postgres'
import { openPool } from '@igny8-tools/postgres/open-pool'

// Migrates a schema in a process of its own. Usage: migrate-worker.ts URL SCHEMA

const [url = '', schema = ''] = process.argv.slice(2)
const pool = openPool(url, 2)
await createPostgresStorage({ pool, schema }).migrate()
await pool.end()

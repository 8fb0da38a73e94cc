import { Pool } from 'pg'

/** Opens a pool for tests, whose clients take the end of their server in silence. */
export function openPool(connectionString: string, max = 10): Pool {
  const pool = new Pool({ connectionString, max })
  const ignore = () => undefined
  pool.on('error', ignore)
  pool.on('connect', (client) => client.on('error', ignore))
  return pool
}

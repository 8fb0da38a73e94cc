import { randomBytes } from 'node:crypto'
import { mkdir, readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import * as z from 'zod'

const schema = z.object({
  PORT: z.coerce.number().int().min(1).max(65_535).default(3_000),
  /** PostgreSQL, shared by several processes. Without it PGlite in `DATA_DIR`, for one. */
  DATABASE_URL: z.string().optional(),
  DATA_DIR: z.string().min(1).default('data'),
  /** 32 bytes in base64. Needed beside `DATABASE_URL`; else made once and kept in `DATA_DIR`. */
  IGNY8_KEY: z.string().optional(),
  /** Origins of the own machine or network that may be talked to, parted by commas. */
  IGNY8_ALLOW: z.string().default(''),
  /** `off` starts no WordPress and no demo account. */
  IGNY8_DEMO: z.enum(['on', 'off']).optional(),
  LOG_LEVEL: z.enum(['trace', 'debug', 'info', 'warn', 'error', 'silent']).default('info'),
})

/** All that the environment decides. */
export interface Configuration {
  readonly port: number
  readonly databaseUrl: string | undefined
  readonly dataDir: string
  readonly key: string
  readonly allow: readonly string[]
  readonly isDemo: boolean
  readonly logLevel: string
}

/** Reads the environment. Throws where a value cannot be right; no value is repeated. */
export async function readConfiguration(environment: NodeJS.ProcessEnv): Promise<Configuration> {
  const parsed = schema.safeParse(environment)
  if (!parsed.success) throw new Error(`${parsed.error.issues[0]?.path.join('.')}: ${parsed.error.issues[0]?.message}`)
  const { PORT, DATABASE_URL, DATA_DIR, IGNY8_KEY, IGNY8_ALLOW, IGNY8_DEMO, LOG_LEVEL } = parsed.data
  if (DATABASE_URL !== undefined && IGNY8_KEY === undefined)
    throw new Error(
      'IGNY8_KEY: is needed beside DATABASE_URL, the same in all processes; `openssl rand -base64 32` makes one.',
    )
  return {
    port: PORT,
    databaseUrl: DATABASE_URL,
    dataDir: DATA_DIR,
    key: IGNY8_KEY ?? (await keepKey(DATA_DIR)),
    allow: IGNY8_ALLOW.split(',').filter((origin) => origin !== ''),
    isDemo: (IGNY8_DEMO ?? (DATABASE_URL === undefined ? 'on' : 'off')) === 'on',
    logLevel: LOG_LEVEL,
  }
}

async function keepKey(dataDir: string): Promise<string> {
  await mkdir(dataDir, { recursive: true })
  const path = join(dataDir, 'encryption-key')
  await writeFile(path, randomBytes(32).toString('base64'), { flag: 'wx', mode: 0o600 }).catch((error: unknown) => {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  })
  return readFile(path, 'utf8')
}

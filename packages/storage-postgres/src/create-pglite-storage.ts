import { Igny8Error, type Storage } from '@igny8/core'
import { createSqlStorage } from './create-sql-storage.ts'
import { lockFolder } from './folder-lock.ts'
import { createPgliteDatabase, type PgliteClient } from './pglite-database.ts'
import { requireOption } from './require-option.ts'
import { createSchemaScope } from './schema-scope.ts'

/** Where PGlite keeps its data. */
export interface PgliteStorageOptions {
  /** A folder that this process alone uses. It is made where it does not exist. */
  readonly dataDir: string
  /** @default 'igny8' */
  readonly schema?: string
}

/** A PGlite that the host has opened. */
export interface PgliteClientOptions {
  /** Stays the host's: `close()` leaves it open. */
  readonly client: PgliteClient
  /** @default 'igny8' */
  readonly schema?: string
}

/**
 * Makes a storage on PGlite, PostgreSQL inside this process. Opens the folder at first use; `close()` lets it go.
 *
 * A second process on the same folder would lose writes, so it is refused with `STORAGE_FAILED`.
 *
 * @example
 * const storage = createPgliteStorage({ dataDir: './data/igny8' })
 * await storage.migrate()
 */
export function createPgliteStorage(options: PgliteStorageOptions | PgliteClientOptions): Storage {
  const { client, dataDir } = (options ?? {}) as Partial<PgliteStorageOptions & PgliteClientOptions>
  requireOption(
    client !== undefined || (typeof dataDir === 'string' && dataDir !== ''),
    'dataDir',
    "Pass a folder, such as './data/igny8', or a PGlite that you opened as client.",
  )
  const scope = createSchemaScope(options.schema ?? 'igny8')
  const source = 'client' in options ? hold(options.client) : createFolderSource(options.dataDir)
  const { joinAccount: _, ...storage } = createSqlStorage(scope, createPgliteDatabase(source.open, source.close))
  return storage
}

interface ClientSource {
  readonly open: () => Promise<PgliteClient>
  readonly close: () => Promise<void>
}

function hold(client: PgliteClient): ClientSource {
  return { open: async () => client, close: async () => undefined }
}

/** Opens once, however many ask at first; opens again after a failure, never after a close. */
function createFolderSource(dataDir: string): ClientSource {
  let opening: ReturnType<typeof openFolder> | undefined
  let isClosed = false
  return {
    async open() {
      if (isClosed) throw closed()
      opening ??= openFolder(dataDir).catch((error: unknown) => {
        opening = undefined
        throw error
      })
      return (await opening).client
    },
    async close() {
      isClosed = true
      const opened = await opening?.catch(() => undefined)
      opening = undefined
      await opened?.close()
    },
  }
}

async function openFolder(dataDir: string): Promise<{ client: PgliteClient; close: () => Promise<void> }> {
  const { PGlite } = await importPglite()
  const release = await lockFolder(dataDir)
  try {
    const client = await PGlite.create({ dataDir })
    return {
      client,
      async close() {
        await client.close()
        await release()
      },
    }
  } catch (error) {
    await release()
    throw new Igny8Error({
      code: 'STORAGE_FAILED',
      message: `The folder ${dataDir} cannot be opened.`,
      hint: 'Check that it may be written to, and that it holds a database of this version of PGlite or nothing.',
      cause: error,
    })
  }
}

async function importPglite() {
  try {
    return await import('@electric-sql/pglite')
  } catch (error) {
    throw new Igny8Error({
      code: 'STORAGE_FAILED',
      message: 'PGlite is not installed.',
      hint: 'Run `npm install @electric-sql/pglite`.',
      cause: error,
    })
  }
}

function closed(): Igny8Error {
  return new Igny8Error({
    code: 'STORAGE_FAILED',
    message: 'The storage was closed.',
    hint: 'Make a new one with `createPgliteStorage`.',
  })
}

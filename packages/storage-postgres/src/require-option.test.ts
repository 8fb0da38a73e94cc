import { expect, it } from 'vitest'
import { createFolderAssetStore } from './create-folder-asset-store.ts'
import { createPgliteStorage } from './create-pglite-storage.ts'
import { createPostgresStorage } from './create-postgres-storage.ts'

it.each([
  ['pool', () => createPostgresStorage({ connectionString: 'postgres://localhost/app' } as never)],
  ['pool', () => createPostgresStorage(undefined as never)],
  ['dataDir', () => createPgliteStorage({ pglite: {} } as never)],
  ['dataDir', () => createPgliteStorage(undefined as never)],
  ['dir', () => createFolderAssetStore({} as never)],
])('%s is asked for at once', (field, create) => {
  expect(create).toThrow(
    expect.objectContaining({ code: 'INVALID_INPUT', hint: expect.any(String), details: { field } }),
  )
})

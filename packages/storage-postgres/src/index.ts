export { createFolderAssetStore, type FolderAssetStoreOptions } from './create-folder-asset-store.ts'
export { createPgliteStorage, type PgliteClientOptions, type PgliteStorageOptions } from './create-pglite-storage.ts'
export {
  createPostgresStorage,
  type JoinedTransaction,
  type PostgresStorage,
  type PostgresStorageOptions,
} from './create-postgres-storage.ts'
export type { PgliteClient } from './pglite-database.ts'
export type {
  PooledPostgresClient,
  PostgresAnswer,
  PostgresClient,
  PostgresPool,
  PostgresQuery,
} from './postgres-pool.ts'

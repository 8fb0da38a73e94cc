export { createMemoryStorage, type MemoryStorageOptions } from './create-memory-storage.ts'
export { createMemoryAssetStore } from './memory-asset-store.ts'

export { createMemoryStorage } from './create-memory-storage.ts'
export { createMemoryAssetStore } from './memory-asset-store.ts'

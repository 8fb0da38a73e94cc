export { createWordPressAdapter, type WordPressAdapterOptions } from './wordpress-adapter.ts'

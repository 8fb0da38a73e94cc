export type { ProviderOptions } from '../catalogue.ts'
export { type BriaOptions, createBriaProvider } from './bria-provider.ts'

export type { ProviderOptions } from '../catalogue.ts'
export { createAnthropicProvider } from './anthropic-provider.ts'

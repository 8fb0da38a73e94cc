export type { ProviderOptions } from '../catalogue.ts'
export { createOpenAIProvider } from './openai-provider.ts'

export type { ProviderOptions } from '../catalogue.ts'
export { createRunwareProvider, type RunwareOptions } from './runware-provider.ts'

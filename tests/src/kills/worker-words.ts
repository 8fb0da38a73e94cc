import type { DomainEvent, TimingOptions } from '@igny8/core'

/** How a worker is started. */
export interface WorkerSettings {
  readonly database: { readonly url: string } | { readonly dataDir: string }
  readonly siteUrl: string
  readonly timing: TimingOptions
  /** Prints warnings. */
  readonly isLoud: boolean
}

/** What a worker is asked. */
export interface WorkerCall {
  readonly id: number
  /** Such as `['account', 'content', 'create']`. */
  readonly path: readonly string[]
  readonly parameters: readonly unknown[]
}

/** What a worker says. */
export type WorkerWord =
  | { readonly kind: 'ready' }
  | { readonly kind: 'answer'; readonly id: number; readonly result: unknown }
  | { readonly kind: 'failure'; readonly id: number; readonly code: string; readonly message: string }
  | { readonly kind: 'event'; readonly event: DomainEvent }

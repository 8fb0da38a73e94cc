/** What every call over the network takes. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined
}

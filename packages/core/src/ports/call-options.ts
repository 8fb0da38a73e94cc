/** What every call over the network takes. */
export interface CallOptions {
  readonly signal?: AbortSignal | undefined
  /**
   * Awaited right before a write leaves, when every wait for its turn is over, and before each repetition; a batch awaits all of its operations'. Where it rejects, nothing is
   * sent and the call fails with its error. So what may still arrive is known by when it left, not by when it was asked for.
   */
  readonly beforeSend?: (() => Promise<void>) | undefined
}

/** A unit of quota: reserved when a publication is claimed, kept while its outcome is unknown. Unique per content. */
export interface Publication {
  readonly id: string
  readonly accountId: string
  readonly siteId: string
  readonly contentId: string
  /** `handed-over`: the site has it, with `countedAt` as its date, and publishes it by itself. */
  readonly status: 'reserved' | 'verifying' | 'handed-over' | 'published'
  /** The instant that decides the buckets. */
  readonly countedAt: Date
  readonly pinned: boolean
  /** Why a limit was passed on purpose; `null` otherwise. */
  readonly forcedReason: string | null
  readonly createdAt: Date
  readonly updatedAt: Date
}

/** A content waiting for its publication. Unique per content. */
export interface QueueEntry {
  readonly accountId: string
  readonly siteId: string
  readonly contentId: string
  /** Higher goes first. */
  readonly priority: number
  readonly approvedAt: Date
  /** Skips days and slots; its quota is reserved when it is set. */
  readonly pinnedAt: Date | null
  /**
   * `recalled`: it is taken back from the site that it was handed over to, and then planned anew. `withdrawn`: likewise, but then it leaves the queue.
   */
  readonly status: 'queued' | 'retrying' | 'failed' | 'recalled' | 'withdrawn'
  readonly attempts: number
  readonly notBefore: Date | null
  readonly lastErrorCode: string | null
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

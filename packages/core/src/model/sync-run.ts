/** Items by what became of them. */
export interface SyncCounts {
  readonly created: number
  readonly updated: number
  /** Read and found equal. */
  readonly unchanged: number
  readonly deleted: number
  readonly conflicts: number
  readonly skipped: number
  readonly failed: number
  readonly taxonomies: number
  readonly images: number
}

/** One synchronisation, with progress that anyone who reads the storage can follow. */
export interface SyncRun {
  readonly id: string
  readonly accountId: string
  readonly integrationId: string
  readonly kind: 'pull' | 'push' | 'sync'
  readonly trigger: 'manual' | 'webhook' | 'schedule'
  readonly actor: string
  readonly status: 'running' | 'completed' | 'failed' | 'cancelled'
  /** What it is busy with: `connecting`, `taxonomies`, `content:post`, … */
  readonly phase: string
  readonly done: number
  /** `null` while unknown. */
  readonly total: number | null
  readonly counts: SyncCounts
  readonly errorCode: string | null
  readonly errorMessage: string | null
  readonly errorHint: string | null
  readonly startedAt: Date
  /** Renewed while it works; one that stays behind the lease is dead. */
  readonly heartbeatAt: Date
  readonly finishedAt: Date | null
}

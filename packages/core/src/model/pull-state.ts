/** How far pull has come with one content type of one integration. Committed together with the items it speaks of. */
export interface PullState {
  readonly accountId: string
  readonly integrationId: string
  /** Content type. */
  readonly scope: string
  /** Rows of the first pull already applied, by ascending id; `null` once the first pull is complete. */
  readonly firstPullOffset: number | null
  /** Everything modified before it is known; a time of the server, never past the server's now. */
  readonly mark: Date | null
  /** Ids to read again next time: leased by a push, or modified within the clock's last tick. */
  readonly rereadIds: readonly string[]
  /** The zone in which the mark was made: when the site changes it, recent edits hide and the mark is rewound. */
  readonly timezone: string | null
  /** When all ids were last compared; such a sweep finds what no modified time tells. */
  readonly sweptAt: Date | null
  /** Where a sweep stands that was begun: rows passed, by ascending id, and when it began. */
  readonly sweep: { readonly offset: number; readonly startedAt: Date } | null
  readonly version: number
  readonly updatedAt: Date
}

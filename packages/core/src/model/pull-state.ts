/** How far pull has come with one content type, or one taxonomy, of one integration. Committed together with the items it speaks of. */
export interface PullState {
  readonly accountId: string
  readonly integrationId: string
  /** A content type, or `taxonomy:` and the type of a taxonomy. */
  readonly scope: string
  /** Rows of the first pull already applied, by ascending id; `null` once the first pull is complete. */
  readonly firstPullOffset: number | null
  /** Everything modified before it is known; a time of the server, never past the server's now. Of a taxonomy: when all its terms were last read. */
  readonly mark: Date | null
  /** Ids to read again next time: leased by a push, or modified within the clock's last tick. */
  readonly rereadIds: readonly string[]
  /** The zone in which the mark was made: when the site changes it, recent edits hide and the mark is rewound. */
  readonly timezone: string | null
  /** When all ids were last compared; such a sweep finds what no modified time tells. */
  readonly sweptAt: Date | null
  /** Where a sweep stands that was begun: rows passed, by ascending id, and when it began. Of a taxonomy: pages passed. */
  readonly sweep: { readonly offset: number; readonly startedAt: Date } | null
  readonly version: number
  readonly updatedAt: Date
}

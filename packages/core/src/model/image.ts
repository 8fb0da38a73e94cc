/** An image that content refers to. */
export interface Image {
  readonly id: string
  readonly accountId: string
  readonly siteId: string
  /** `https://…`, or `igny8-asset:<hash>` for bytes that live in the asset store. */
  readonly imageUrl: string
  readonly alt: string
  readonly title: string
  /** SHA-256 of the bytes in hex, once they were seen. */
  readonly contentHash: string | null
  /** Media type by magic bytes, once they were seen. */
  readonly mediaType: string | null
  readonly version: number
  readonly createdAt: Date
  readonly updatedAt: Date
}

import type { CallOptions } from './call-options.ts'

/** A file of the media library. */
export interface RemoteMedia {
  readonly externalId: string
  readonly url: string
  readonly alt: string
  readonly title: string
  readonly mediaType: string
}

/** A file to upload. Its bytes and type were checked before. */
export interface MediaUpload {
  readonly bytes: Uint8Array
  /** By magic bytes, already checked. */
  readonly mediaType: string
  /** SHA-256 of the bytes in hex; the upload is named by it, so that it is found again. */
  readonly contentHash: string
  readonly alt: string
  readonly title: string
}

/** The media library. */
export interface PlatformMedia {
  /** The upload named by this content hash; `null` where there is none. */
  findByContentHash(contentHash: string, options?: CallOptions): Promise<RemoteMedia | null>
  /** Uploads the bytes once. Not repeated here: look up by hash before any second attempt. */
  upload(input: MediaUpload, options?: CallOptions): Promise<RemoteMedia>
  /** Reads many; ids that do not exist are not among the result. */
  getMany(externalIds: readonly string[], options?: CallOptions): Promise<readonly RemoteMedia[]>
}

import type { HttpClient } from '../ports/http-client.ts'
import { type CheckedImage, checkImage, imageLimits as limits } from './check-image.ts'
import { mapStatusToError } from './status-to-error.ts'

/** Where an image is, and how large it may be. */
export interface DownloadImageInput {
  readonly http: HttpClient
  readonly url: string
  /** @default 20 MiB */
  readonly maxBytes?: number
  /** Width × height. @default 50,000,000 */
  readonly maxPixels?: number
  /** @default 30_000 */
  readonly timeoutMs?: number
  readonly signal?: AbortSignal | undefined
}

/** An image with its bytes, checked. */
export interface DownloadedImage extends CheckedImage {
  readonly bytes: Uint8Array
}

/** Downloads an image through the outbound policy; its type comes from its bytes. Throws `IMAGE_REFUSED` and what `HttpClient` throws. */
export async function downloadImage(input: DownloadImageInput): Promise<DownloadedImage> {
  const { http, url, maxBytes = limits.maxBytes, maxPixels = limits.maxPixels, timeoutMs = 30_000, signal } = input
  const response = await http.request({
    method: 'GET',
    url,
    redirects: 'follow',
    maxBytes,
    timeoutMs,
    headers: { accept: 'image/*' },
    signal,
  })
  if (response.status !== 200)
    throw mapStatusToError(response, {
      now: new Date(response.headers.get('date') ?? Number.NaN),
      safe: true,
      message: `The image could not be downloaded: ${response.status}.`,
    })
  return { ...checkImage(response.body, { maxBytes, maxPixels }), bytes: response.body }
}

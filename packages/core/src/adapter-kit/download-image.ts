import { createHash } from 'node:crypto'
import { Igny8Error } from '../errors/igny8-error.ts'
import type { HttpClient } from '../ports/http-client.ts'
import { type SniffedImage, sniffImage } from './sniff-image.ts'
import { mapStatusToError } from './status-to-error.ts'

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

export interface DownloadedImage extends SniffedImage {
  readonly bytes: Uint8Array
  /** SHA-256 in hex. */
  readonly contentHash: string
}

/** Downloads an image through the outbound policy; its type comes from its bytes. Throws `IMAGE_REFUSED` and what `HttpClient` throws. */
export async function downloadImage(input: DownloadImageInput): Promise<DownloadedImage> {
  const { http, url, maxBytes = 20 * 1024 * 1024, maxPixels = 50_000_000, timeoutMs = 30_000, signal } = input
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
  const sniffed = sniffImage(response.body)
  if (sniffed.width !== null && sniffed.height !== null && sniffed.width * sniffed.height > maxPixels) {
    throw new Igny8Error({
      code: 'IMAGE_REFUSED',
      message: `The image has ${sniffed.width} × ${sniffed.height} pixels.`,
      hint: `Use one of at most ${maxPixels} pixels.`,
    })
  }
  return { ...sniffed, bytes: response.body, contentHash: createHash('sha256').update(response.body).digest('hex') }
}

import type { Image } from '../model/image.ts'
import type { Page, PageQuery } from './page.ts'

/** Which images are meant; what is left out does not matter. */
export interface ImageFilter {
  readonly siteId?: string | undefined
}

/** Images of one account. */
export interface ImageStore {
  get(imageId: string): Promise<Image | undefined>
  getMany(imageIds: readonly string[]): Promise<readonly Image[]>
  /** Oldest first. */
  list(query: ImageFilter & PageQuery): Promise<Page<Image>>
  count(filter: ImageFilter): Promise<number>
  insert(images: readonly Image[]): Promise<void>
  /** Compare-and-set on `version`. */
  update(image: Image, expectedVersion: number): Promise<boolean>
}

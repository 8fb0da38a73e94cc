import { createHmac } from 'node:crypto'

/** The slug under which a create starts: nobody else would choose it, and it can be made again after any crash. */
export function createMarker(siteKey: string, contentId: string): string {
  return `igny8-${createHmac('sha256', siteKey).update(contentId).digest('hex').slice(0, 32)}`
}

/** The marker in a slug, ours or another host's, without what the platform adds where it is taken or trashed. */
export function markerOf(slug: string): string | null {
  return /^(igny8-[0-9a-f]{32})(-\d+)?(__trashed)?$/.exec(slug)?.[1] ?? null
}

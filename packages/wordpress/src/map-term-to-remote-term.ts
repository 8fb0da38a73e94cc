import type { RemoteTerm } from '@igny8/core'
import { decodeEntities } from './decode-entities.ts'
import { type Mapped, reject } from './map-post-to-remote-content.ts'
import { termSchema } from './wordpress-schemas.ts'

/** A term of WordPress. Its name is stored escaped (`R&amp;D`) and becomes plain text here; the description is HTML and stays. */
export function mapTermToRemoteTerm(term: unknown, type: string): Mapped<RemoteTerm> {
  const parsed = termSchema.safeParse(term)
  if (!parsed.success) return reject(term, parsed.error)
  const { id, name, slug, description, parent } = parsed.data
  const parentExternalId = parent === undefined || parent === 0 ? null : String(parent)
  return {
    kind: 'row',
    row: { externalId: String(id), type, name: decodeEntities(name), slug, description, parentExternalId },
  }
}

import type { RemoteState } from '@igny8/core'

const states: Readonly<Record<string, RemoteState>> = {
  publish: 'published',
  private: 'private',
  future: 'scheduled',
  draft: 'draft',
  'auto-draft': 'draft',
  pending: 'pending',
  trash: 'trashed',
}

/** What a WordPress status means for us; one that a plugin registered is `unknown` and kept by its name. */
export function mapStatusToState(status: string): RemoteState {
  return Object.hasOwn(states, status) ? (states[status] ?? 'unknown') : 'unknown'
}

import { expect, it } from 'vitest'
import { recordedJson } from './canned-site.ts'
import { mapStatusToState } from './map-status-to-state.ts'

it.each([
  ['publish', 'published'],
  ['private', 'private'],
  ['future', 'scheduled'],
  ['draft', 'draft'],
  ['auto-draft', 'draft'],
  ['pending', 'pending'],
  ['trash', 'trashed'],
])('takes the status %s for %s', (status, state) => {
  expect(mapStatusToState(status)).toBe(state)
})

it.each(['wc-completed', 'Publish', '', 'constructor', '__proto__'])('knows nothing of the status "%s"', (status) => {
  expect(mapStatusToState(status)).toBe('unknown')
})

it('knows every status of a fresh WordPress', () => {
  const states = Object.keys(recordedJson('statuses') as object).map(mapStatusToState)
  expect(states).not.toContain('unknown')
})

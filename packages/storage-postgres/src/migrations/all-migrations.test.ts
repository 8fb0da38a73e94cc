import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { allMigrations } from './all-migrations.ts'
import type { Migration } from './migration.ts'

/** What every packaged migration is, in order: its name and the start of its digest. A new one adds a line; a line that stands never changes. */
const frozen = [
  'content 9370ce7209fc4428',
  'sync eff494f8fb0dbeea',
  'publishing and AI 007cc1f0308dbb7c',
  'assets f01dce377e1adb4b',
  'publishing mode 691ad91269378c01',
  'publishing wakes f32e070f009edd0b',
]

/** Statements as the database gets them. */
function fingerprint({ name, statements }: Migration): string {
  return `${name} ${createHash('sha256').update(statements.join(';\n')).digest('hex').slice(0, 16)}`
}

describe('a packaged migration', () => {
  it('is frozen: databases that have taken it never take it again', () => {
    const moved =
      'A migration that was packaged has changed. Take the change back and put it into a new migration at the end of all-migrations.ts, with a line of its own here.'
    expect(allMigrations.slice(0, frozen.length).map(fingerprint), moved).toEqual(frozen)
  })

  it('is noted here as soon as there is a new one', () => {
    const unnoted = allMigrations.slice(frozen.length).map(fingerprint)
    expect(unnoted, 'Add these lines to the end of `frozen`: from now on they stand.').toEqual([])
  })

  it('counts up from 1 without a gap', () => {
    expect(allMigrations.map(({ number }) => number)).toEqual(allMigrations.map((_, index) => index + 1))
  })
})

import type { ContentFields, ContentVersion } from '../model/content.ts'
import { canonicalJson } from '../model/hash-json.ts'
import { readField } from './merge-fields.ts'

/** Past versions that are enough to tell. */
export const flipHistory = 50
/** For how long before a moment they are looked at. */
export const flipMs = 3_600_000
const maxFlips = 3

/**
 * Fields that two writers keep turning back: taking theirs would set the value that stood before the last change for the fourth time within the hour, the site and
 * somebody here by turns. Two hosts that both know better would go on for ever; a person ends it. Pure.
 *
 * `history` is what the content was, newest first, each with who replaced it and when.
 */
export function findFlippingFields(input: {
  readonly fields: readonly string[]
  readonly history: readonly ContentVersion[]
  readonly ours: ContentFields
  readonly theirs: ContentFields
  readonly siteActor: string
  readonly now: Date
}): readonly string[] {
  const { history, ours, theirs, siteActor, now } = input
  const since = now.getTime() - flipMs
  const recent = history.filter(({ createdAt }) => createdAt.getTime() >= since)
  return input.fields.filter((field) => {
    // From the newest change backwards: each turned back the one before it, and came from the other writer.
    let [after, value, isSite] = [canonicalJson(readField(theirs, field)), canonicalJson(readField(ours, field)), true]
    let flips = 0
    for (const version of recent) {
      const before = canonicalJson(readField(version, field))
      if (before === value) continue
      const bySite = version.actor === siteActor
      if (before !== after || bySite === isSite) break
      flips++
      ;[after, value, isSite] = [value, before, bySite]
    }
    return flips > maxFlips
  })
}

import type { BodyFormat } from '../model/content.ts'
import { mergeBlocks } from './merge-blocks.ts'
import type { Three } from './merge-sequences.ts'
import { mergeText } from './merge-text.ts'

/** A body on both sides, each with what it was when both last agreed. */
export interface BodyInput {
  /** Ours as it was sent. */
  readonly localBase: string
  readonly ours: string
  /** Theirs as the site returned what was sent. */
  readonly theirBase: string
  readonly theirs: string
}

/**
 * Merges two edited bodies, or `null`: a person decides.
 *
 * Where the site stored another text than it was sent, neither base will do for both sides: against ours, what the site normalised would count as their edit, and
 * against theirs, what it normalised would count as ours. So ours is first brought onto their base, by a merge that takes the normalisation for what it is,
 * the change of somebody else; what is left is three texts of one kind. Where our edit stands right in what was normalised, theirs
 * is brought onto our base instead. Each step alone loses nothing or is a conflict, and so do both together.
 */
export function mergeBody({ localBase, ours, theirBase, theirs }: BodyInput, format: BodyFormat): string | null {
  const merge = (three: Three<string>) => (format === 'markdown' ? mergeText(three, 'lines') : mergeBlocks(three))
  if (localBase === theirBase) return merge({ base: localBase, ours, theirs })
  const ourEdit = merge({ base: localBase, ours, theirs: theirBase })
  const onTheirs = ourEdit === null ? null : merge({ base: theirBase, ours: ourEdit, theirs })
  if (onTheirs !== null) return onTheirs
  const theirEdit = merge({ base: theirBase, ours: localBase, theirs })
  return theirEdit === null ? null : merge({ base: localBase, ours, theirs: theirEdit })
}

import { content } from './0001-content.ts'
import { sync } from './0002-sync.ts'
import { publishingAndAi } from './0003-publishing-and-ai.ts'
import { assets } from './0004-assets.ts'
import { publishingMode } from './0005-publishing-mode.ts'
import { publishingWakes } from './0006-publishing-wakes.ts'
import type { Migration } from './migration.ts'

/** Every step of the schema, in order. */
export const allMigrations: readonly Migration[] = [
  content,
  sync,
  publishingAndAi,
  assets,
  publishingMode,
  publishingWakes,
]

import { join } from 'node:path'
import { runPhpFile } from './php-runner.ts'
import { phpSources } from './site-files.ts'

/** A term as the database has it. */
export interface SnapshotTerm {
  id: number
  taxonomy: string
  name: string
  slug: string
  /** 0 at the top. */
  parentId: number
}

/** A post of any type as the database has it; times are the columns' text, as drafts have `0000-00-00 00:00:00`. */
export interface SnapshotPost {
  id: number
  type: string
  status: string
  slug: string
  title: string
  content: string
  excerpt: string
  authorId: number
  parentId: number
  date: string
  dateGmt: string
  modifiedGmt: string
  terms: SnapshotTerm[]
  thumbnailId: number | null
  meta: Record<string, string[]>
  /** How many revisions it has, autosaves included. */
  revisionCount: number
}

/** An uploaded file and its row. */
export interface SnapshotAttachment {
  id: number
  slug: string
  title: string
  altText: string
  mimeType: string
  parentId: number
  /** Relative to the uploads folder. */
  file: string
  /** Of the file on disk; null where it is missing. */
  sha256: string | null
}

/** Everything a synchronisation is about, by id. */
export interface SiteSnapshot {
  posts: SnapshotPost[]
  attachments: SnapshotAttachment[]
  terms: SnapshotTerm[]
}

/**
 * Reads a site from its tables and its uploads folder, never over REST: what a test compares the SDK's view with.
 *
 * Leaves out revisions and WordPress's inner types (menus, templates, global styles).
 */
export async function readSite(input: { php: string; documentRoot: string }): Promise<SiteSnapshot> {
  const snapshot = await runPhpFile(input, join(phpSources, 'read-site.php'), { load: 'database' })
  return snapshot as SiteSnapshot
}

import type { SiteSnapshot, SnapshotPost } from '@igny8-tools/wordpress'
import type { World } from './world.ts'

/** Something that people do with the SDK, while requests of it fail. */
export interface Operation {
  readonly name: string
  /** Without faults. */
  prepare(world: World): Promise<Prepared>
}

export interface Prepared {
  /** What faults hit; done again until it does not throw. */
  act(): Promise<void>
  /** What is not as it should be in the end, besides what holds for every operation. */
  findProblems(site: SiteSnapshot): Promise<readonly string[]>
  /** Words that somebody wrote, here or there: each has to be found somewhere. */
  readonly edits: readonly string[]
  /** SHA-256 of images that were to be uploaded. */
  readonly images?: readonly string[]
}

/** Posts of the title that are not in the trash. */
export function livingPosts(site: SiteSnapshot, title: string): readonly SnapshotPost[] {
  return site.posts.filter((post) => post.title === title && !['trash', 'auto-draft', 'inherit'].includes(post.status))
}

/** Messages for what differs. */
export function compare(what: string, wanted: Readonly<Record<string, unknown>>, found: object | undefined): string[] {
  if (found === undefined) return [`${what} is missing`]
  return Object.entries(wanted).flatMap(([name, value]) => {
    const standing = (found as Readonly<Record<string, unknown>>)[name]
    if (JSON.stringify(standing) === JSON.stringify(value)) return []
    return [`${what}: ${name} is ${JSON.stringify(standing)}, not ${JSON.stringify(value)}`]
  })
}

/** A run of both directions; items that failed in it are an error, as somebody who looks at it would say. */
export async function runSync({ account, connection }: World, kind: 'run' | 'pull' = 'run'): Promise<void> {
  const { counts } = await account.sync[kind]({ integrationId: connection().integrationId })
  if (counts.failed > 0) throw new Error(`${counts.failed} items failed`)
}

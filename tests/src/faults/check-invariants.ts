import type { SiteSnapshot } from '@igny8-tools/wordpress'
import type { Prepared } from './operation.ts'
import type { World } from './world.ts'

/** What is wrong in the end, by the promise that it breaks. */
export interface Findings {
  readonly duplicates: readonly string[]
  readonly lost: readonly string[]
  readonly others: readonly string[]
}

/** What must hold whatever the operation and the fault: the site as its database has it, and what the SDK keeps. */
export async function checkInvariants(world: World, prepared: Prepared, site: SiteSnapshot): Promise<Findings> {
  const { token, account, stored } = world
  const living = site.posts.filter((post) => post.title.includes(token) && !isTrashed(post.status))
  const contents = (await account.content.list({ limit: 500 })).items.filter(({ removedAt }) => removedAt === null)
  const terms = site.terms.filter(({ name }) => name.includes(token))
  const uploads = (prepared.images ?? []).map((hash) => site.attachments.filter(({ sha256 }) => sha256 === hash))
  const marked = living.filter(({ slug }) => slug.startsWith('igny8-'))
  const duplicates = [
    ...repeated(living.map(({ title }) => title)).map((title) => `"${title}" stands on the site more than once`),
    ...repeated(contents.map(({ title }) => title)).map((title) => `"${title}" stands here more than once`),
    ...repeated(terms.map(({ taxonomy, parentId, name }) => `${taxonomy} ${parentId} ${name}`)).map(
      (name) => `the term "${name}" stands on the site more than once`,
    ),
    ...uploads.filter(({ length }) => length > 1).map(({ length }) => `an image was uploaded ${length} times`),
  ]
  const written = JSON.stringify([site.posts, await everythingHere(world)])
  const lost = prepared.edits.filter((edit) => !written.includes(JSON.stringify(edit).slice(1, -1)))
  const { items: connections } = await account.connections.list()
  const intents = await Promise.all(connections.map(({ id }) => stored.intents.listOfIntegration(id, 1_000)))
  return {
    duplicates,
    lost: lost.map((edit) => `"${edit}" is lost`),
    others: [
      ...marked.map(({ slug }) => `a ${slug} was left behind`),
      ...uploads.filter(({ length }) => length === 0).map(() => 'an image is missing'),
      ...connections.flatMap(({ syncStatus }) =>
        syncStatus === 'syncing' ? ['it says that it still synchronises'] : [],
      ),
      ...intents
        .flat()
        .flatMap(({ finishedAt, action }) => (finishedAt === null ? [`an intent to ${action} is open`] : [])),
      ...(await prepared.findProblems(site)),
    ],
  }
}

/** Heads, past versions and conflicts. */
async function everythingHere({ account }: World): Promise<unknown> {
  const { items } = await account.content.list({ limit: 500, includeRemoved: true })
  const past = await Promise.all(items.map(({ id }) => account.content.versions(id, { limit: 500 })))
  const conflicts = (await account.conflicts.list({ limit: 500 })).items
  return [items, past, conflicts]
}

function isTrashed(status: string): boolean {
  return status === 'trash' || status === 'auto-draft' || status === 'inherit'
}

function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))]
}

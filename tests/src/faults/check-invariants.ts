import type { Exchange } from '@igny8-tools/fault-proxy'
import type { SiteSnapshot } from '@igny8-tools/wordpress'
import type { Prepared } from './operation.ts'
import type { World } from './world.ts'

/** What is wrong in the end, by the promise that it breaks. */
export interface Findings {
  readonly duplicates: readonly string[]
  /**
   * Terms and images that the SDK sent once and the network twice, and images that arrived when nobody could wait for them any longer: WordPress keeps both, and a picture is
   * not taken away by itself, as somebody may use it by then.
   */
  readonly doubledOnTheWay: readonly string[]
  readonly lost: readonly string[]
  readonly others: readonly string[]
}

const settleMs = 45_000

/** What must hold whatever the operation and the fault: the site as its database has it, and what the SDK keeps. */
export async function checkInvariants(
  world: Pick<World, 'token' | 'account' | 'stored'>,
  prepared: Prepared,
  site: SiteSnapshot,
  exchanges: readonly Exchange[],
): Promise<Findings> {
  const { token, account, stored } = world
  const living = site.posts.filter((post) => post.title.includes(token) && !isTrashed(post.status))
  const contents = (await account.content.list({ limit: 500 })).items.filter(({ removedAt }) => removedAt === null)
  const terms = site.terms.filter(({ name }) => name.includes(token))
  const uploads = (prepared.images ?? []).map((hash) => site.attachments.filter(({ sha256 }) => sha256 === hash))
  const marked = living.filter(({ slug }) => slug.startsWith('igny8-'))
  const twice = exchanges.filter(({ fault }) => fault?.kind === 'duplicate').map(({ path }) => path)
  const doubledTerms = repeated(terms.map(({ taxonomy, parentId, name }) => `${taxonomy} ${parentId} ${name}`)).map(
    (name) => `the term "${name}" stands on the site more than once`,
  )
  const doubledImages = uploads
    .filter(({ length }) => length > 1)
    .map(({ length }) => `an image was uploaded ${length} times`)
  const twins = site.posts.filter(({ status, slug }) => isTrashed(status) && slug.startsWith('igny8-'))
  const isTwinExcused = exchanges.some(({ fault }) => fault?.kind === 'duplicate' || isBeyondSettleTime(fault))
  const areTermsExcused = twice.some((path) => /wp\/v2\/(categories|tags)\b/.test(path))
  const late = exchanges.filter(({ fault }) => isBeyondSettleTime(fault)).map(({ path }) => path)
  const areImagesExcused = [...twice, ...late].some((path) => /wp\/v2\/media\b/.test(path))
  const duplicates = [
    ...repeated(living.map(({ title }) => title)).map((title) => `"${title}" stands on the site more than once`),
    ...repeated(contents.map(({ title }) => title)).map((title) => `"${title}" stands here more than once`),
    ...(areTermsExcused ? [] : doubledTerms),
    ...(areImagesExcused ? [] : doubledImages),
  ]
  const written = JSON.stringify([site.posts, await everythingHere(world)])
  const lost = prepared.edits.filter((edit) => !written.includes(JSON.stringify(edit).slice(1, -1)))
  const { items: connections } = await account.connections.list()
  const intents = await Promise.all(connections.map(({ id }) => stored.intents.listOfIntegration(id, 1_000)))
  return {
    duplicates,
    doubledOnTheWay: [...(areTermsExcused ? doubledTerms : []), ...(areImagesExcused ? doubledImages : [])],
    lost: lost.map((edit) => `"${edit}" is lost`),
    others: [
      ...(isTwinExcused ? [] : twins.map(() => 'a second draft was made, and put into the trash')),
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
async function everythingHere({ account }: Pick<World, 'account'>): Promise<unknown> {
  const { items } = await account.content.list({ limit: 500, includeRemoved: true })
  const past = await Promise.all(items.map(({ id }) => account.content.versions(id, { limit: 500 })))
  const conflicts = (await account.conflicts.list({ limit: 500 })).items
  return [items, past, conflicts]
}

/** Nobody can wait for all that may still come: the twin of a draft is recognised and trashed. */
function isBeyondSettleTime(fault: Exchange['fault']): boolean {
  return fault?.kind === 'hold' && fault.ms > settleMs
}

function isTrashed(status: string): boolean {
  return status === 'trash' || status === 'auto-draft' || status === 'inherit'
}

function repeated(names: readonly string[]): readonly string[] {
  return [...new Set(names.filter((name, index) => names.indexOf(name) !== index))]
}

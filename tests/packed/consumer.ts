// What a host and an author of adapters write, type-checked against the packed declarations.
import {
  type AiProvider,
  type Content,
  type CreateContentInput,
  type CreateImageInput,
  type CreateTaxonomyInput,
  createIgny8,
  type Igny8,
  type Igny8Options,
  isIgny8Error,
  type ListConflictsInput,
  type ListImagesInput,
  type ListSitesInput,
  type ListTaxonomiesInput,
  type ListUsageInput,
  type PlatformAdapter,
  type ResolveConflictInput,
  type Settled,
  type Storage,
  type SumUsageInput,
  type UpdateImageInput,
  type UpdateTaxonomyInput,
} from '@igny8/core'
import {
  createHttpClient,
  createSilentLogger,
  createSystemClock,
  createSystemRandom,
  Igny8Error,
} from '@igny8/core/adapter-kit'
import { createFakeClock, storageContract } from '@igny8/core/testing'
import { type BriaOptions, createAnthropicProvider } from '@igny8/providers'
import { createBriaProvider } from '@igny8/providers/bria'
import { createOpenAIProvider } from '@igny8/providers/openai'
import { createRunwareProvider } from '@igny8/providers/runware'
import { createMemoryStorage } from '@igny8/storage-memory'
import { createWordPressAdapter } from '@igny8/wordpress'

const storage: Storage = createMemoryStorage()
const wordpress: PlatformAdapter = createWordPressAdapter()
const bria: BriaOptions = { delivery: 'sync' }

/** Every vendor, without the packages of any. */
export const providers: readonly AiProvider[] = [
  createOpenAIProvider({ baseUrl: 'https://proxy.example/v1' }),
  createAnthropicProvider(),
  createRunwareProvider({ wireIds: { 'runware-v2': 'runware:100@1' } }),
  createBriaProvider(bria),
]
const options: Igny8Options = {
  storage,
  platforms: [wordpress],
  encryption: { keys: [{ id: 'first', secret: 'c2VjcmV0' }] },
}
const igny8: Igny8 = createIgny8(options)

/** Writes and publishes one post. */
export async function publishPost(siteId: string): Promise<Content> {
  const account = igny8.forAccount('account-1')
  const content = await account.content.create({
    siteId,
    type: 'post',
    title: 'Hello',
    body: '<p>Hi</p>',
    bodyFormat: 'html',
  })
  await account.content.approve(content.id)
  const published = await account.content.publish(content.id)
  return published.content
}

/** What a host that passes calls on names: all that the operations take and answer has a name. */
export interface Passed {
  readonly taxonomies: CreateTaxonomyInput | UpdateTaxonomyInput | ListTaxonomiesInput
  readonly images: CreateImageInput | UpdateImageInput | ListImagesInput
  readonly sites: ListSitesInput
  readonly conflicts: ListConflictsInput | ResolveConflictInput
  readonly usage: ListUsageInput | SumUsageInput
  readonly outcome: Settled
}

/** The next step that a failure asks for. */
export function hintOf(error: unknown): string | undefined {
  return isIgny8Error(error) || error instanceof Igny8Error ? error.hint : undefined
}

/** What an adapter's own test sets up. */
export function openKit() {
  return createHttpClient({ clock: createSystemClock(), random: createSystemRandom(), logger: createSilentLogger() })
}

export { createFakeClock, storageContract }

// @ts-expect-error A storage is needed.
createIgny8({ platforms: [] })
// @ts-expect-error A body's format is one of three.
void igny8.forAccount('account-1').content.create({ siteId: '1', type: 'post', title: '', body: '', bodyFormat: 'rtf' })
const slots = (end: number) => [{ start: '09:00', end }]
void igny8.forAccount('account-1').publishing.settings.update({
  siteId: '1',
  version: 1,
  // @ts-expect-error A slot ends at a time of day, as text.
  changes: { publishTimeSlots: slots(17) },
})

const written = { siteId: '1', type: 'post', title: 'Hello' }
// @ts-expect-error What a site keeps beside a content is JSON.
void igny8.forAccount('account-1').content.create({ ...written, meta: { at: new Date() } })
// @ts-expect-error The bytes of an image are bytes.
void igny8.forAccount('account-1').images.create({ siteId: '1', bytes: 'iVBORw0KGgo=' })

/** What was read can be handed back. */
export function keepMeta({ meta, taxonomyIds }: Content): CreateContentInput {
  return { ...written, meta, taxonomyIds }
}

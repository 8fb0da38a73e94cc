import { describe, expect, it } from 'vitest'
import { createSilentLogger } from '../adapter-kit/silent-logger.ts'
import type { PlatformClient } from '../ports/platform-adapter.ts'
import type { RemoteContent } from '../ports/platform-content.ts'
import type { RemotePage } from '../ports/platform-pull.ts'
import { createSecret } from '../security/create-secret.ts'
import { createFakeClock } from './create-fake-clock.ts'
import { createFakePlatform } from './create-fake-platform.ts'
import { platformContract } from './platform-contract.ts'
import type { PlatformUnderTest } from './platform-contract-suite.ts'

type Break = (client: PlatformClient) => PlatformClient

function openFake(breakClient: Break = (client) => client): PlatformUnderTest {
  const clock = createFakeClock()
  const fake = createFakePlatform({ clock })
  const credential = createSecret(fake.adapter.credentials.toSecret(fake.credentials))
  const http = { request: () => Promise.reject(new Error('The fake asks nobody.')), close: async () => {} }
  const client = fake.adapter.open({
    url: fake.url,
    credential,
    structure: null,
    http,
    clock,
    logger: createSilentLogger(),
  })
  return {
    client: breakClient(client),
    async setForeignStatus(externalId) {
      const item = fake.items.get(externalId)
      if (item !== undefined) Object.assign(item, { status: 'in-review', state: 'unknown' })
      return { status: 'in-review' }
    },
  }
}

describe('the fake platform', () => {
  platformContract({ describe, it, createPlatform: async () => openFake() })
})

/** Names of the tests that fail on a platform. */
async function failuresOn(breakClient: Break): Promise<readonly string[]> {
  const tests: { readonly name: string; readonly run: () => Promise<void> }[] = []
  platformContract({
    describe: (_name, define) => define(),
    it: (name, run) => tests.push({ name, run }),
    createPlatform: async () => openFake(breakClient),
  })
  const outcomes = await Promise.all(
    tests.map(({ run }) =>
      run().then(
        () => true,
        () => false,
      ),
    ),
  )
  return tests.filter((_, index) => outcomes[index] === false).map(({ name }) => name)
}

const breakContent =
  (change: (content: PlatformClient['content']) => Partial<PlatformClient['content']>): Break =>
  (client) => ({
    ...client,
    content: { ...client.content, ...change(client.content) },
  })

const breakPull =
  (change: (pull: NonNullable<PlatformClient['pull']>) => object): Break =>
  (client) =>
    client.pull === undefined ? client : { ...client, pull: { ...client.pull, ...change(client.pull) } }

const breakTaxonomies =
  (change: (taxonomies: NonNullable<PlatformClient['taxonomies']>) => object): Break =>
  (client) =>
    client.taxonomies === undefined
      ? client
      : { ...client, taxonomies: { ...client.taxonomies, ...change(client.taxonomies) } }

const withFields = (content: RemoteContent, fields: Partial<RemoteContent['fields']>): RemoteContent => ({
  ...content,
  fields: { ...content.fields, ...fields },
})

const shorten = <Row>(page: RemotePage<Row>): RemotePage<Row> => ({ ...page, rows: page.rows.slice(0, -1) })

const broken: readonly (readonly [name: string, caughtBy: string, breakClient: Break])[] = [
  [
    'trims bodies',
    'keeps the body byte for byte',
    breakContent(({ create }) => ({
      create: ({ type, fields }) =>
        create({ type, fields: { ...fields, body: fields.body?.replaceAll('\n', ' ') ?? '' } }),
    })),
  ],
  [
    'escapes titles',
    'keeps titles and excerpts with quotes, ampersands, emoji and right-to-left text',
    breakContent(({ create }) => ({
      create: ({ type, fields }) =>
        create({ type, fields: { ...fields, title: fields.title?.replaceAll('&', '&amp;') ?? '' } }),
    })),
  ],
  [
    'publishes what should be a draft',
    'creates a draft and reads back what it returned',
    breakContent(({ create }) => ({
      create: ({ type, fields }) => create({ type, fields: { ...fields, state: 'published' } }),
    })),
  ],
  [
    'empties what an update does not name',
    'changes the given fields only',
    breakContent(({ update }) => ({
      update: (input) => update({ ...input, fields: { excerpt: '', ...input.fields } }),
    })),
  ],
  [
    'takes every failure for absence',
    'keeps the body byte for byte',
    breakContent(() => ({ get: async () => ({ kind: 'absent' }) })),
  ],
  [
    'answers something else than it holds',
    'creates a draft and reads back what it returned',
    breakContent(({ create }) => ({
      create: async (input) => withFields(await create(input), { meta: { added: 1 } }),
    })),
  ],
  [
    'looks for markers among drafts only',
    'finds a marked item in every status, and after its slug was taken',
    breakContent(({ findByMarker }) => ({
      findByMarker: async (input) => (await findByMarker(input)).filter((item) => item.state === 'draft'),
    })),
  ],
  [
    'finds markers in a wrong order',
    'finds a marked item in every status, and after its slug was taken',
    breakContent(({ findByMarker }) => ({ findByMarker: async (input) => [...(await findByMarker(input))].reverse() })),
  ],
  [
    'reads an unknown status as a draft',
    'keeps a status that the model does not know',
    breakContent(({ get }) => ({
      async get(input) {
        const found = await get(input)
        if (found.kind === 'absent' || found.content.state !== 'unknown') return found
        return { kind: 'found', content: { ...found.content, state: 'draft' } }
      },
    })),
  ],
  [
    'loses the last row of a page',
    'pages through all items once or more, by ascending id, without the trash',
    breakPull(({ listByExternalId }) => ({
      listByExternalId: async (input: Parameters<typeof listByExternalId>[0]) => shorten(await listByExternalId(input)),
    })),
  ],
  [
    'takes since for strictly later',
    'finds what was modified at the very instant, and not a second later',
    breakPull(({ listModifiedSince }) => ({
      listModifiedSince: (input: Parameters<typeof listModifiedSince>[0]) =>
        listModifiedSince({ ...input, since: new Date(input.since.getTime() + 1) }),
    })),
  ],
  [
    'forgets what to exclude',
    'walks through items of one second by leaving out those seen',
    breakPull(({ listModifiedSince }) => ({
      listModifiedSince: (input: Parameters<typeof listModifiedSince>[0]) =>
        listModifiedSince({ ...input, excludeIds: [] }),
    })),
  ],
  [
    'leaves the trash out of outlines',
    'outlines say what the items say, with the trash',
    breakPull(({ listOutlines }) => ({
      async listOutlines(input: Parameters<typeof listOutlines>[0]) {
        const page = await listOutlines(input)
        return { ...page, rows: page.rows.filter((row) => row.state !== 'trashed') }
      },
    })),
  ],
  [
    'never finds an upload again',
    'uploads an image and finds it by its content',
    (client) =>
      client.media === undefined
        ? client
        : { ...client, media: { ...client.media, findByContentHash: async () => null } },
  ],
  [
    'ignores parents',
    'tells the same name under two parents apart',
    breakTaxonomies(({ create }) => ({
      create: (input: Parameters<typeof create>[0]) => create({ ...input, parentExternalId: null }),
    })),
  ],
  [
    'creates a term twice',
    'creates a term once and adopts it the second time',
    breakTaxonomies(({ create }) => ({
      create: async (input: Parameters<typeof create>[0]) => ({ ...(await create(input)), adopted: false }),
    })),
  ],
]

describe('the platform contract', () => {
  it.each(broken)('catches a platform that %s', async (_name, caughtBy, breakClient) => {
    expect(await failuresOn(breakClient)).toContain(caughtBy)
  })
})

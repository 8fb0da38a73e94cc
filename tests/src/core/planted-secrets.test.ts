import type { IncomingMessage } from 'node:http'
import { createIgny8, type DomainEvent, type LogFields } from '@igny8/core'
import { createFakeClock, createSeededRandom } from '@igny8/core/testing'
import { createMemoryStorage } from '@igny8/storage-memory'
import { createWordPressAdapter } from '@igny8/wordpress'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type Heard, type HostileWordPress, newPost, startHostileWordPress, type Trick } from './hostile-wordpress.ts'
import { everythingShown, formsOfSecret, tracesOf } from './planted-secret.ts'

// Its base64 holds a plus, a slash and a padding, so that every encoding of it is a form of its own.
const username = 'redaktör>?ÿ'
const applicationPassword = 'pLaN tEdS ecRe Tpas swOr d247'
const secondPassword = 'sEcO ndPl anTe dSec reTp as58'

let site: HostileWordPress
let other: HostileWordPress

beforeAll(async () => {
  site = await startHostileWordPress()
  other = await startHostileWordPress()
})
afterAll(async () => {
  await site.close()
  await other.close()
})
beforeEach(() => {
  site.behave(null)
  site.posts.clear()
  site.posts.set(1, newPost(1))
})

/** The SDK with a host that writes down everything it gets to see. */
async function startWatched() {
  const seen: unknown[] = []
  const events: DomainEvent[] = []
  const log = (level: string) => (message: string, fields?: LogFields) => void seen.push([level, message, fields])
  const still = createFakeClock()
  const storage = createMemoryStorage()
  const igny8 = createIgny8({
    storage,
    platforms: [createWordPressAdapter()],
    encryption: { keys: [{ id: 'test', secret: Buffer.alloc(32, 7).toString('base64') }] },
    outbound: { allow: [site.origin, other.origin] },
    // Pauses between attempts pass at once, all longer ones never.
    clock: { now: still.now, wait: (ms, signal) => (ms < 10_000 ? Promise.resolve() : still.wait(ms, signal)) },
    random: createSeededRandom(1),
    logger: { debug: log('debug'), info: log('info'), warn: log('warn'), error: log('error') },
  })
  igny8.onEvent((event) => void events.push(event))
  await igny8.start()
  const account = igny8.forAccount('acct')

  /** Runs something that may fail, and keeps what came of it. */
  async function observe(work: () => Promise<unknown>): Promise<void> {
    try {
      seen.push(await work())
    } catch (error) {
      seen.push(error)
    }
  }

  /** All that the host has seen or can ask for. */
  async function shown(): Promise<string> {
    await igny8.stop({ drainMs: 30_000 })
    const integrations = await account.connections.list({ includeRemoved: true })
    const [raw, rawSites] = await Promise.all([
      storage.forAccount('acct').integrations.list({ limit: 100 }),
      storage.forAccount('acct').sites.list({ limit: 100 }),
    ])
    const asked = await Promise.all([
      account.sites.list(),
      account.sync.events({ limit: 500 }),
      ...integrations.items.flatMap(({ id }) => [
        account.sync.status(id),
        account.sync.health(id),
        account.sync.runs({ integrationId: id }),
      ]),
    ])
    return [...seen, integrations, ...asked, events, raw, rawSites, igny8, account, storage]
      .map(everythingShown)
      .join('\n')
  }

  const connect = (credential: object = { username, applicationPassword }) =>
    account.connections.connect({ platform: 'wordpress', url: site.origin, ...credential })

  return { igny8, account, storage, seen, observe, shown, connect }
}

type Watched = Awaited<ReturnType<typeof startWatched>>

const forms = [...formsOfSecret(username, applicationPassword), ...formsOfSecret(username, secondPassword)]

async function expectNoTrace(watched: Watched, more: readonly string[] = forms): Promise<void> {
  const shown = await watched.shown()
  const places = tracesOf(more, shown).map((form) => {
    const at = shown.indexOf(form)
    return `${form} in: ${shown.slice(Math.max(0, at - 160), at + form.length + 40)}`
  })
  expect(places.slice(0, 3)).toEqual([])
}

const inGroups = (password: string) => password.replaceAll(/(.{4})(?=.)/g, '$1 ')

/** What the site repeats of what it heard. */
const echoes: Readonly<Record<string, (heard: Heard) => string>> = {
  header: ({ authorization }) => authorization,
  base64url: ({ decoded }) => Buffer.from(decoded).toString('base64url'),
  'user and password': ({ decoded }) => decoded,
  password: ({ password }) => password,
  'password with its spaces': ({ password }) => inGroups(password),
  'password with its spaces, encoded': ({ password }) => encodeURIComponent(inGroups(password)),
  'password as a form sends it': ({ password }) => inGroups(password).replaceAll(' ', '+'),
  'password in base64': ({ password }) => Buffer.from(password).toString('base64'),
  'encoded header': ({ authorization }) => encodeURIComponent(authorization),
  'encoded user and password': ({ decoded }) => encodeURIComponent(decoded),
  body: ({ body }) => body,
}

const json =
  (status: number, value: (words: string) => unknown): Trick =>
  (answer, words) =>
    void answer
      .writeHead(status, { 'content-type': 'application/json', 'x-wp-total': '1' })
      .end(JSON.stringify(value(words)))
const page =
  (status: number, html: (words: string) => string): Trick =>
  (answer, words) =>
    void answer.writeHead(status, { 'content-type': 'text/html' }).end(html(words))
/** Node refuses characters that no header may hold. */
const printable = (words: string) => words.replaceAll(/[^\x20-\x7e]/g, '?')
const redirect =
  (to: (words: string, origin: string) => string): Trick =>
  (answer, words, origin) =>
    void answer.writeHead(302, { location: to(encodeURIComponent(words), origin) }).end()
const wordPressError = (code: string) => (words: string) => ({
  code,
  message: `Unknown: ${words}`,
  data: { status: 0, params: { [words]: words }, details: { [words]: { code: words, message: words } } },
})

/** Every place that an answer has. */
const tricks: Readonly<Record<string, Trick>> = {
  'an error of WordPress': json(400, wordPressError('rest_invalid_param')),
  'a code of an error': json(400, (words) => ({ code: words, message: words })),
  'a refusal': json(401, wordPressError('incorrect_password')),
  'a code of a refusal': json(403, (words) => ({ code: words, message: words })),
  'a rest_ code of a refusal': json(403, (words) => ({ code: `rest_${words}`, message: words })),
  'a missing route': json(404, (words) => ({ code: words, message: words })),
  'a failure': json(500, wordPressError('internal_server_error')),
  'a demand to slow down': (answer, words) =>
    void answer
      .writeHead(429, { 'content-type': 'application/json', 'retry-after': printable(words) })
      .end(JSON.stringify({ code: words, message: words })),
  'a page': page(200, (words) => `<!doctype html><title>${words}</title><body>${words}`),
  'a page of an error': page(403, (words) => `<!doctype html><title>${words}</title><body>${words}`),
  'plain text': (answer, words) => void answer.writeHead(200, { 'content-type': 'text/plain' }).end(words),
  'the text of the status': (answer, words) => void answer.writeHead(418, printable(words)).end(),
  headers: (answer, words) =>
    void answer
      .writeHead(500, {
        link: `<http://${encodeURIComponent(words)}@127.0.0.1/${encodeURIComponent(words)}>; rel="https://api.w.org/"`,
        date: printable(words),
        'x-wp-total': printable(words),
        'x-wp-upload-attachment-id': printable(words),
        'retry-after': printable(words),
        'set-cookie': `session=${encodeURIComponent(words)}`,
        'www-authenticate': `Basic realm="${printable(words)}"`,
        'content-type': `text/html; charset=${encodeURIComponent(words)}`,
      })
      .end(words),
  'JSON of another form': json(200, (words) => ({ [words]: words, id: words, type: words })),
  'rows of another type': json(200, (words) => [{ ...newPost(1), type: words }]),
  'one row of another type': json(200, (words) => ({ ...newPost(2), type: words })),
  'broken rows': json(200, (words) => [{ ...newPost(1), id: words, status: { [words]: words } }]),
  'a redirect to a path of the site': redirect((words, origin) => `${origin}/${words}`),
  'a redirect to a query of the site': redirect((words, origin) => `${origin}/?key=${words}#${words}`),
  'a redirect elsewhere': redirect((words) => `${other.origin}/${words}?key=${words}`),
  'a redirect with a user name': redirect((words) => `${other.origin.replace('//', `//${words}:${words}@`)}/`),
  'a redirect to a host that does not exist': redirect(() => 'https://nowhere.invalid/'),
}

const imageTricks = {
  ...tricks,
  'no image': page(200, (words) => words),
  'a missing image': page(404, (words) => words),
  'a slow answer': page(503, (words) => words),
}

const always = () => true
const signed = (request: IncomingMessage) => request.headers.authorization !== undefined
const writing = (request: IncomingMessage) => request.method === 'POST'
const reading = (request: IncomingMessage) => signed(request) && request.url?.includes('/users/me') === false

const listing = (request: IncomingMessage) =>
  signed(request) && request.url?.startsWith('/wp-json/wp/v2/posts') === true

/** Post 1, edited on both sides. */
async function openConflict({ account }: Watched) {
  const { items } = await account.content.list({ origin: 'remote' })
  const [content] = items
  await account.content.update({
    contentId: content?.id ?? '',
    version: content?.version ?? 0,
    changes: { title: 'Ours' },
  })
  site.posts.set(1, { ...newPost(1), title: { raw: 'Theirs' }, modified_gmt: '2026-11-02T08:00:00' })
  const [integration] = (await account.connections.list()).items
  await account.sync.pull({ integrationId: integration?.id ?? '' })
  const [conflict] = (await account.conflicts.list({ status: 'open' })).items
  if (conflict === undefined) throw new Error('There is no conflict.')
  return conflict
}

describe('a site that repeats the credential', () => {
  it.each(Object.entries(tricks))('brings it into nothing that connecting shows: %s', async (_name, trick) => {
    const watched = await startWatched()
    const { account, observe } = watched
    const { integration } = await watched.connect()
    const integrationId = integration.id
    for (const words of Object.values(echoes)) {
      for (const at of [always, signed, reading]) {
        site.behave({ trick, at, words })
        await observe(() => account.connections.testConnection({ integrationId }))
        await observe(() =>
          account.connections.rotate({ integrationId, username, applicationPassword: secondPassword }),
        )
        await observe(() => account.connections.updateStructure({ integrationId }))
        await observe(() => account.connections.contentTypes({ integrationId }))
        await observe(() => account.connections.testCollectionConnection({ integrationId, type: 'post' }))
        await observe(() => account.connections.move({ integrationId, url: `${site.origin}/moved` }))
      }
    }
    await expectNoTrace(watched)
  })

  it.each(Object.entries(tricks))('brings it into nothing that syncing shows: %s', async (_name, trick) => {
    const watched = await startWatched()
    const { account, observe } = watched
    const { integration, site: connected } = await watched.connect()
    const integrationId = integration.id
    const write = async (title: string) => {
      const fields = { siteId: connected.id, type: 'post', title, body: '<p>Text</p>' }
      return account.content.approve((await account.content.create(fields)).id)
    }
    const live = await write('Live')
    await account.content.publish(live.id)
    await account.sync.pull({ integrationId })
    const conflict = await openConflict(watched)
    for (const words of Object.values(echoes)) {
      for (const at of [signed, writing, reading, listing]) {
        const edited = await write('New')
        site.behave({ trick, at, words })
        await observe(() => account.content.publish(edited.id))
        await observe(() => account.sync.pull({ integrationId }))
        await observe(() => account.sync.run({ integrationId }))
        await observe(() => account.sync.site({ siteId: connected.id }))
        await observe(() => account.conflicts.resolve({ conflictId: conflict.id, fields: { title: 'ours' } }))
        site.behave(null)
      }
    }
    site.behave({ trick, at: signed, words: ({ password }) => password })
    await account.sync.start({ integrationId })
    await expectNoTrace(watched)
  })
})

describe('a credential in the wrong place', () => {
  const inTheAddress = () => site.origin.replace('//', `//editor:${applicationPassword.replaceAll(' ', '')}@`)
  it.each<[string, () => object]>([
    ['in the address', () => ({ url: inTheAddress() })],
    ['in the address without a scheme', () => ({ url: inTheAddress().replace('http://', '') })],
    ['in the path of an address', () => ({ url: `${inTheAddress()}/wp-admin/` })],
    ['in a field that does not exist', () => ({ secret: applicationPassword })],
    ['in a password that is a list', () => ({ applicationPassword: [applicationPassword] })],
    ['in a password that is an object', () => ({ applicationPassword: { value: applicationPassword } })],
    ['in a password that is too long', () => ({ applicationPassword: applicationPassword.repeat(30) })],
    ['in a password with a line break', () => ({ applicationPassword: applicationPassword.replace(' ', '\n') })],
    ['in a user name with a colon', () => ({ username: `editor:${applicationPassword}` })],
    ['in a name that is too long', () => ({ name: applicationPassword.repeat(30) })],
    ['in a signal', () => ({ signal: applicationPassword })],
  ])('is refused and not repeated: %s', async (_name, wrong) => {
    const watched = await startWatched()
    await watched.observe(() => watched.connect({ username, applicationPassword, ...wrong() }))
    expect(watched.seen).toEqual([expect.objectContaining({ code: 'INVALID_INPUT' })])
    await expectNoTrace(watched)
  })

  it('is not repeated where input is refused', async () => {
    const watched = await startWatched()
    const { account, observe, seen } = watched
    const { integration, site: connected } = await watched.connect()
    const [integrationId, siteId, secret] = [integration.id, connected.id, applicationPassword]
    const wrong: readonly (() => Promise<unknown>)[] = [
      () => account.connections.rotate({ integrationId, username, applicationPassword: { secret } }),
      () => account.connections.rotate({ integrationId, username, applicationPassword, secret }),
      () => account.connections.move({ integrationId, url: inTheAddress() }),
      () => account.connections.update({ integrationId, changes: { config: { conflicts: secret as 'ask' } } }),
      () => account.connections.list({ cursor: secret, limit: secret as unknown as number }),
      () => account.content.create({ siteId, type: 'post', title: [secret] as unknown as string }),
      () => account.content.create({ siteId, type: 'post', title: 'T', slug: secret }),
      () => account.content.create({ siteId, type: 'post', title: 'T', bodyFormat: secret as 'html' }),
      () => account.content.list({ status: secret as 'draft' }),
      () => account.taxonomies.create({ siteId, type: 'tag', name: secret.repeat(20) }),
      () => account.images.create({ siteId, imageUrl: `ftp://127.0.0.1/?token=${secret}` }),
      () => account.images.create({ siteId, imageUrl: `${inTheAddress()}/image.png` }),
      () => account.images.create({ siteId, bytes: Buffer.from(secret) }),
      () => account.sync.run({ integrationId, trigger: secret as 'manual' }),
      () => account.sync.events({ since: secret as unknown as Date }),
      () => account.conflicts.resolve({ conflictId: 'none', fields: { title: secret as 'ours' } }),
    ]
    for (const work of wrong) await observe(work)
    expect(seen.map((error) => (error as { code?: string }).code)).toEqual(
      wrong.map(() => expect.stringMatching(/^(INVALID_INPUT|IMAGE_REFUSED)$/)),
    )
    await expectNoTrace(watched)
  })

  it('is not repeated where it is in the successUrl of a connect by one click that fails', async () => {
    const watched = await startWatched()
    const { observe, account } = watched
    const token = 'successToken-5ecret'
    const successUrl = `https://host.example/done?token=${token}`
    for (const trick of Object.values(tricks)) {
      site.behave({ trick, at: always, words: ({ body }) => body })
      const input = { platform: 'wordpress', url: site.origin, applicationName: 'App', successUrl }
      // The address itself must carry it; errors must not.
      await observe(() => account.connections.authorizationUrl(input).then(() => null))
      await observe(() => account.connections.authorizationUrl({ ...input, applicationId: token }))
      await observe(() => account.connections.authorizationUrl({ ...input, platform: 'none' }))
    }
    await expectNoTrace(watched, [token])
  })
})

describe('the key', () => {
  const whole = Buffer.from('this key is planted, 32 bytes ok').toString('base64')
  it.each<[string, { id: string; secret: unknown }[]]>([
    ['too short', [{ id: 'a', secret: whole.slice(0, 30) }]],
    ['too long', [{ id: 'a', secret: whole + whole }]],
    ['with a slip', [{ id: 'a', secret: `${whole.slice(0, 20)}!${whole.slice(21)}` }]],
    ['in place of its id', [{ id: whole, secret: 'a' }]],
    [
      'twice under its own name',
      [
        { id: whole, secret: whole },
        { id: whole, secret: whole },
      ],
    ],
    ['as a list', [{ id: 'a', secret: [whole, whole] }]],
    ['as an object', [{ id: 'a', secret: { toString: () => whole.slice(1) } }]],
  ])('is refused and not repeated: %s', (_name, keys) => {
    const options = { storage: createMemoryStorage(), platforms: [], encryption: { keys: keys as never } }
    const thrown = catchError(() => createIgny8(options))
    expect(thrown).toMatchObject({ code: 'INVALID_INPUT' })
    expect(tracesOf([whole.slice(0, 12), whole.slice(24, 36)], everythingShown(thrown))).toEqual([])
  })

  it('which opens nothing is not repeated, nor what it should have opened', async () => {
    const watched = await startWatched()
    const { integration } = await watched.connect()
    const stranger = createIgny8({
      storage: watched.storage,
      platforms: [createWordPressAdapter()],
      encryption: { keys: [{ id: 'test', secret: whole }] },
      outbound: { allow: [site.origin] },
    })
    const account = stranger.forAccount('acct')
    const integrationId = integration.id
    await watched.observe(() => stranger.rotateKeys())
    await watched.observe(() => account.connections.testConnection({ integrationId }))
    await watched.observe(() => account.sync.pull({ integrationId }))
    await watched.observe(() => account.connections.list())
    await stranger.stop()
    expect(watched.seen).toContainEqual(expect.objectContaining({ code: 'SECRET_UNREADABLE' }))
    await expectNoTrace(watched, [...forms, whole, whole.slice(0, -1), 'this key is planted'])
  })
})

describe('a token in the address of an image', () => {
  it.each(Object.entries(imageTricks))('is in nothing that a push shows: %s', async (_name, trick) => {
    const watched = await startWatched()
    const { account, observe } = watched
    const { site: connected } = await watched.connect()
    const token = 'imageToken-5ecret'
    const imageUrl = `${other.origin}/image.png?token=${token}`
    const image = await account.images.create({ siteId: connected.id, imageUrl })
    const fields = { siteId: connected.id, type: 'post', title: 'T', featuredImageId: image.id }
    const content = await account.content.create(fields)
    await account.content.approve(content.id)
    other.behave({ trick, at: always, words: () => token })
    await observe(() => account.content.publish(content.id))
    other.behave(null)
    expect(watched.seen).toContainEqual(expect.any(Error))
    await expectNoTrace(watched, [token])
  })
})

describe('what a site calls itself and its things', () => {
  it('is the words of the site and stays as it is, even where it is the password', async () => {
    // A site that knows the password can say it to anybody; to change its texts would damage what is synced.
    const watched = await startWatched()
    const compact = applicationPassword.replaceAll(' ', '')
    const { integration } = await watched.connect()
    site.posts.set(1, { ...newPost(1), title: { raw: compact } })
    await watched.account.sync.pull({ integrationId: integration.id })
    const { items } = await watched.account.content.list()
    await watched.igny8.stop()
    expect(items.map((content) => content.title)).toEqual([compact])
  })

  it('never passes for something that the SDK says: an event of the pull names no title', async () => {
    const watched = await startWatched()
    const compact = applicationPassword.replaceAll(' ', '')
    const { integration } = await watched.connect()
    site.posts.set(1, {
      ...newPost(1),
      title: { raw: compact },
      content: { raw: compact },
      slug: compact.toLowerCase(),
    })
    await watched.account.sync.pull({ integrationId: integration.id })
    await expectNoTrace(watched)
  })
})

function catchError(work: () => unknown): unknown {
  try {
    return work()
  } catch (error) {
    return error
  }
}

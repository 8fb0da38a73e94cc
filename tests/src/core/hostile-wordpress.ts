import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'

/** What the site was told, kept from the last request that told it something. */
export interface Heard {
  /** The whole header, such as `Basic aGk6aG8=`. */
  readonly authorization: string
  /** `user:password`. */
  readonly decoded: string
  readonly password: string
  readonly body: string
  readonly cookie: string
}

/** An answer in the place of the honest one. `words` is what the site repeats. */
export type Trick = (answer: ServerResponse, words: string, origin: string) => void

/** How the site behaves until it is told otherwise. */
export interface Mood {
  readonly trick: Trick
  /** Which requests get the trick; the others are answered honestly. */
  readonly at: (request: IncomingMessage) => boolean
  readonly words: (heard: Heard) => string
}

type Row = Record<string, unknown>

/** A WordPress that repeats, wherever an answer has room for it, what it was told in confidence. */
export async function startHostileWordPress() {
  let heard: Heard = { authorization: '', decoded: '', password: '', body: '', cookie: '' }
  let mood: Mood | null = null
  let origin = ''
  const posts = new Map<number, Row>([[1, newPost(1)]])

  async function handle(request: IncomingMessage, answer: ServerResponse): Promise<void> {
    heard = listen(heard, request, await readBody(request))
    if (mood?.at(request) === true) return mood.trick(answer, mood.words(heard), origin)
    answerHonestly(request, answer, { origin, posts, body: heard.body })
  }

  const server = createServer((request, answer) => {
    // Without it the time of an answer is the clock of the test.
    answer.sendDate = false
    handle(request, answer).catch(() => answer.destroy())
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  origin = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : 0}`
  return {
    origin,
    posts,
    behave(next: Mood | null) {
      mood = next
    },
    close: () =>
      new Promise<void>((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
}

export type HostileWordPress = Awaited<ReturnType<typeof startHostileWordPress>>

function listen(before: Heard, request: IncomingMessage, body: string): Heard {
  const { authorization = before.authorization, cookie = before.cookie } = request.headers
  const decoded = Buffer.from(authorization.replace(/^Basic /, ''), 'base64').toString('utf8')
  const password = decoded.slice(decoded.indexOf(':') + 1)
  return { authorization, decoded, password, cookie, body: body === '' ? before.body : body }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const chunks: Buffer[] = []
  for await (const chunk of request) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks).toString('utf8')
}

interface Honest {
  readonly origin: string
  readonly posts: Map<number, Row>
  readonly body: string
}

function answerHonestly(request: IncomingMessage, answer: ServerResponse, { origin, posts, body }: Honest): void {
  const { pathname, searchParams } = new URL(request.url ?? '/', origin)
  const route = pathname.replace(/^\/wp-json\//, '')
  const send = (value: unknown, total = 1) =>
    answer
      .writeHead(200, { 'content-type': 'application/json', 'x-wp-total': String(total), allow: 'GET, POST' })
      .end(request.method === 'HEAD' ? undefined : JSON.stringify(value))
  const standing = standingAnswers(origin)[route]
  if (standing !== undefined) return void send(standing)
  const [, id] = /^wp\/v2\/posts\/(\d+)$/.exec(route) ?? []
  if (request.method === 'POST' && (id !== undefined || route === 'wp/v2/posts'))
    return void send(write(posts, id === undefined ? posts.size + 1 : Number(id), JSON.parse(body)))
  if (id !== undefined) return void send(posts.get(Number(id)))
  if (route === 'wp/v2/media' && request.method === 'POST') return void send(media(origin))
  if (route !== 'wp/v2/posts') return void answer.writeHead(404, { 'content-type': 'text/html' }).end('Nothing here')
  const slugs = searchParams.get('slug')?.split(',')
  const excluded = searchParams.get('exclude')?.split(',') ?? []
  const rows = [...posts.values()].filter(
    (post) => (slugs?.includes(String(post.slug)) ?? true) && !excluded.includes(String(post.id)),
  )
  send(rows, rows.length)
}

function write(posts: Map<number, Row>, id: number, changes: Row): Row {
  const { title, content, excerpt, ...rest } = changes
  const raw = Object.entries({ title, content, excerpt }).filter(([, value]) => value !== undefined)
  const next = {
    ...(posts.get(id) ?? newPost(id)),
    ...Object.fromEntries(raw.map(([name, value]) => [name, { raw: value }])),
    ...rest,
  }
  posts.set(id, next)
  return next
}

/** A published post that anybody could have written. */
export function newPost(id: number): Row {
  return {
    id,
    type: 'post',
    status: 'publish',
    slug: `post-${id}`,
    link: '',
    date_gmt: '2026-11-01T09:00:00',
    modified_gmt: '2026-11-01T09:00:00',
    title: { raw: `Post ${id}` },
    content: { raw: '<p>Text</p>' },
    excerpt: { raw: '' },
    featured_media: 0,
    meta: {},
    categories: [1],
    tags: [],
  }
}

function media(origin: string): Row {
  return { id: 7, slug: 'image', source_url: `${origin}/image.png`, alt_text: '', mime_type: 'image/png' }
}

const capabilities = Object.fromEntries(
  ['edit_posts', 'edit_others_posts', 'publish_posts', 'upload_files', 'manage_categories'].map((name) => [name, true]),
)

function standingAnswers(origin: string): Readonly<Record<string, unknown>> {
  const authorization = `${origin}/wp-admin/authorize-application.php`
  const taxonomy = (name: string, slug: string, base: string) => ({
    name,
    slug,
    hierarchical: slug === 'category',
    rest_base: base,
    rest_namespace: 'wp/v2',
  })
  return {
    '': {
      name: 'A site',
      home: origin,
      gmt_offset: 0,
      timezone_string: 'UTC',
      namespaces: ['wp/v2'],
      authentication: { 'application-passwords': { endpoints: { authorization } } },
    },
    'wp/v2/users/me': { id: 1, name: 'Editor', username: 'editor', roles: ['editor'], capabilities },
    'wp/v2/types': {
      post: {
        name: 'Posts',
        slug: 'post',
        hierarchical: false,
        rest_base: 'posts',
        rest_namespace: 'wp/v2',
        taxonomies: ['category', 'post_tag'],
        supports: { title: true, thumbnail: true, excerpt: true },
        capabilities: {},
      },
    },
    'wp/v2/taxonomies': {
      category: taxonomy('Categories', 'category', 'categories'),
      post_tag: taxonomy('Tags', 'post_tag', 'tags'),
    },
    'wp/v2/statuses': { publish: { slug: 'publish' }, draft: { slug: 'draft' } },
    'wp/v2/categories': [{ id: 1, name: 'News', slug: 'news', description: '', parent: 0 }],
    'wp/v2/tags': [],
  }
}

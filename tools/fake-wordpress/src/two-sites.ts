import { createHash } from 'node:crypto'
import type { RunningWordPress, SiteUserName } from '@igny8-tools/wordpress'
import { type ComparedAnswer, compareAnswers } from './compare-answers.ts'
import { createFakeWordPress, type FakeWordPress, type PostRow } from './create-fake-wordpress.ts'

/** One request, sent to both sites. `{{name}}` stands for the id of what a step saved under this name, `{{now+60}}` for a time. */
export interface Step {
  /** @default 'GET', with a body 'POST' */
  readonly method?: string
  /** After `/wp-json/`. */
  readonly path: string
  readonly body?: unknown
  readonly file?: {
    readonly name: string
    readonly bytes: Uint8Array
    readonly headers?: Readonly<Record<string, string>>
  }
  readonly headers?: Readonly<Record<string, string>>
  /** `null` is nobody. @default 'admin' */
  readonly user?: SiteUserName | null
  readonly save?: string
}

/** Something that happens by other ways than REST. */
export interface Aside {
  readonly php: string
  readonly onFake: (site: FakeWordPress, idOf: (name: string) => number) => void
}

/** A real WordPress and the fake, which is told the time by the real one. */
export interface TwoSites {
  readonly fake: FakeWordPress
  /** How the answers differ, a line each. */
  send(step: Step): Promise<readonly string[]>
  act(aside: Aside): Promise<void>
}

interface SentRequest {
  readonly method: string
  readonly path: string
  readonly headers: Record<string, string>
  readonly body: Uint8Array
  readonly user: SiteUserName | null
}

export async function createTwoSites(real: RunningWordPress): Promise<TwoSites> {
  let now = new Date(0)
  const ids = new Map<string, number>()
  const fake = createFakeWordPress({
    clock: { now: () => now },
    url: real.url,
    version: real.version,
    configuration: {
      ties: real.database === 'sqlite' ? 'stable' : 'unstable',
      longestRequestLine: real.server === 'php' ? Number.POSITIVE_INFINITY : 8192,
    },
  })

  async function askReal(request: SentRequest): Promise<ComparedAnswer> {
    const { method, path, headers, body, user } = request
    const response = await fetch(`${real.url}/wp-json/${path}`, {
      method,
      headers: { ...headers, ...sign(user, real.users) },
      ...(body.length === 0 ? {} : { body: body as Uint8Array<ArrayBuffer> }),
    })
    now = new Date(response.headers.get('date') ?? 0)
    return {
      status: response.status,
      headers: Object.fromEntries(response.headers),
      body: parse(await response.text()),
    }
  }

  function askFake(request: SentRequest): ComparedAnswer {
    const { method, path, headers, body, user } = request
    const signed = { ...headers, ...sign(user, fake.users) }
    const response = fake.handle({ method, url: `${real.url}/wp-json/${path}`, headers: signed, body })
    return { ...response, body: parse(Buffer.from(response.body).toString()) }
  }

  function fill(text: string): string {
    return text
      .replaceAll(/\{\{now([+-]\d+)\}\}/g, (_, seconds: string) =>
        new Date(now.getTime() + Number(seconds) * 1000).toISOString().slice(0, 19),
      )
      .replaceAll(/"\{\{(\w+)\}\}"/g, (_, name: string) => String(idOf(name)))
      .replaceAll(/\{\{(\w+)\}\}/g, (_, name: string) => String(idOf(name)))
  }

  function idOf(name: string): number {
    return ids.get(name) ?? 999_999
  }

  const sites: TwoSites = {
    fake,
    async send(step) {
      const request = build(step, fill)
      const realAnswer = await askReal(request)
      const fakeAnswer = askFake(request)
      const { body } = realAnswer
      if (step.save !== undefined && typeof body === 'object' && body !== null && 'id' in body) {
        ids.set(step.save, Number(body.id))
      }
      return compareAnswers(realAnswer, fakeAnswer)
    },
    async act({ php, onFake }) {
      await real.php(`$id = fn($name) => $args["ids"][$name]; ${php} echo 1;`, { ids: Object.fromEntries(ids) })
      onFake(fake, idOf)
    },
  }
  await registerMeta(real, fake)
  await countTogether(real, fake, () => askReal(build({ path: '' }, fill)))
  return sites
}

async function registerMeta(real: RunningWordPress, fake: FakeWordPress): Promise<void> {
  const keys = {
    subtitle: { type: 'string' },
    locked: { type: 'string', writable: false },
    rating: { type: 'integer' },
  } as const
  const register = Object.entries(keys).map(([key, { type, ...more }]) => {
    const callback = 'writable' in more ? "'auth_callback' => '__return_false'," : ''
    return `register_post_meta('post', '${key}', ['single' => true, 'type' => '${type}', ${callback} 'show_in_rest' => true]);`
  })
  await real.installMuPlugin('registered-meta', `add_action('init', function () { ${register.join(' ')} }, 99);`)
  for (const [key, registration] of Object.entries(keys)) fake.people.addMeta('post', key, registration)
}

/** Both count on from the same numbers, so that every hidden row would show. */
async function countTogether(
  real: RunningWordPress,
  fake: FakeWordPress,
  tellTime: () => Promise<unknown>,
): Promise<void> {
  await tellTime()
  const [post, term, starters] = (await real.php(
    `global $wpdb; $post = wp_insert_post(['post_title' => 'Counted']); wp_delete_post($post, true); $term = wp_insert_term('counted', 'post_tag')['term_id']; wp_delete_term($term, 'post_tag'); $rows = array_map(fn($row) => ['id' => $row->ID, 'title' => $row->post_title, 'content' => $row->post_content, 'date' => $row->post_date, 'dateGmt' => $row->post_date_gmt, 'modified' => $row->post_modified, 'modifiedGmt' => $row->post_modified_gmt], array_map('get_post', [1, 2, 3])); echo json_encode([$post, $term, $rows]);`,
  )) as [number, number, readonly PostRow[]]
  fake.state.nextPostId = post + 1
  fake.state.nextTermId = term + 1
  for (const { id, title, content, date, dateGmt, modified, modifiedGmt } of starters) {
    const row = fake.state.posts.get(id)
    if (row !== undefined) fake.state.posts.set(id, { ...row, title, content, date, dateGmt, modified, modifiedGmt })
  }
}

function build(step: Step, fill: (text: string) => string): SentRequest {
  const { user = 'admin', file } = step
  const headers: Record<string, string> = { ...step.headers }
  let body: Uint8Array = new Uint8Array()
  if (file !== undefined) {
    body = file.bytes
    headers['content-type'] ??= 'image/png'
    headers['content-disposition'] ??= `attachment; filename="${file.name}"`
    headers['content-md5'] ??= createHash('md5').update(file.bytes).digest('hex')
  } else if (step.body !== undefined) {
    body = Buffer.from(fill(typeof step.body === 'string' ? step.body : JSON.stringify(step.body)))
    headers['content-type'] ??= 'application/json'
  }
  return { method: step.method ?? (body.length === 0 ? 'GET' : 'POST'), path: fill(step.path), headers, body, user }
}

function sign(
  user: SiteUserName | null,
  users: Readonly<Record<string, { readonly username: string; readonly applicationPassword: string }>>,
): Record<string, string> {
  const account = user === null ? undefined : users[user]
  if (account === undefined) return {}
  const credential = `${account.username}:${account.applicationPassword}`
  return { authorization: `Basic ${Buffer.from(credential).toString('base64')}` }
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return text.startsWith('<') ? 'a web page' : text
  }
}

import { createIgny8, type Igny8 } from '@igny8/core'
import { createFakeClock, createFakePlatform, createScriptedProvider, createSeededRandom } from '@igny8/core/testing'
import { createHttpHandler, type HttpHandlerOptions } from '@igny8/http'
import { createMemoryStorage } from '@igny8/storage-memory'
import { watchWrites } from './watch-writes.ts'

/** An answer, read. */
export interface Answer {
  readonly status: number
  readonly headers: Headers
  readonly text: string
  /** `null` where the body is no JSON. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into answers of any shape.
  readonly json: any
}

export interface CallInput {
  readonly as?: string | null
  readonly body?: unknown
  readonly headers?: Readonly<Record<string, string>>
}

const password = 'the-secret-application-password'

/** The whole API over a platform and a storage in memory, on a clock of its own; accounts log in by their id. */
export async function createApiUnderTest(options: Partial<HttpHandlerOptions> = {}) {
  const clock = createFakeClock()
  const platform = createFakePlatform({ clock, password })
  const provider = createScriptedProvider()
  const { storage, writes } = watchWrites(createMemoryStorage())
  const logged: string[] = []
  const log = (message: string, fields: unknown) => void logged.push(`${message} ${JSON.stringify(fields)}`)
  const logger = { debug: log, info: log, warn: log, error: log }
  const igny8: Igny8 = createIgny8({
    storage,
    platforms: [platform.adapter],
    providers: [provider],
    encryption: { keys: [{ id: 'test', secret: Buffer.alloc(32, 7).toString('base64') }] },
    clock,
    random: createSeededRandom(1),
    logger,
  })
  await igny8.start()
  const handle = createHttpHandler(igny8, {
    authenticate: (request) => {
      const token = /^Bearer (\w+)$/.exec(request.headers.get('authorization') ?? '')?.[1]
      return token === undefined
        ? null
        : { accountId: token, actor: `user-of-${token}`, operator: token === 'operator' }
    },
    platform: true,
    clock,
    logger,
    ...options,
  })

  async function call(method: string, path: string, input: CallInput = {}): Promise<Answer> {
    const { as = 'alice', body, headers } = input
    const request = new Request(`http://api.example${path.startsWith('/') ? path : `/api/v1/${path}`}`, {
      method,
      headers: {
        ...(as === null ? {} : { authorization: `Bearer ${as}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
    })
    const response = await handle(request)
    const text = await response.text()
    const isJson = response.headers.get('content-type')?.includes('json') ?? false
    return {
      status: response.status,
      headers: response.headers,
      text,
      json: isJson && text !== '' ? JSON.parse(text) : null,
    }
  }

  /** Connects a site and fills it with what the endpoints show. */
  async function fill(as: string) {
    const connected = await call('POST', 'integration/', {
      as,
      body: {
        platform: 'fake',
        external_site_url: platform.url,
        credentials_json: { username: 'editor', password },
      },
    })
    const { site, integration } = connected.json
    const content = await call('POST', 'content/', { as, body: { site_id: site.id, type: 'post', title: 'Hello' } })
    const taxonomy = await call('POST', 'taxonomies/', {
      as,
      body: { site_id: site.id, type: 'category', name: 'News' },
    })
    const image = await call('POST', 'images/', {
      as,
      body: { site_id: site.id, image_url: 'https://images.example/one.png' },
    })
    const secret = await call('POST', `integration/${integration.id}/webhook_secrets/`, { as })
    return {
      secretId: secret.json.id as string,
      webhookSecret: secret.json.secret as string,
      siteId: site.id as string,
      integrationId: integration.id as string,
      contentId: content.json.id as string,
      taxonomyId: taxonomy.json.id as string,
      imageId: image.json.id as string,
    }
  }

  return { igny8, storage, writes, platform, provider, clock, handle, call, fill, logged, password }
}

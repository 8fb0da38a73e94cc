import { createFakeWordPress, type FakeWordPress, type FakeWordPressOptions } from './create-fake-wordpress.ts'
import type { SiteRequest } from './handle-request.ts'

export interface AskOptions {
  readonly method?: string
  readonly body?: object
  /** `null` is nobody. @default 'admin' */
  readonly user?: string | null
  /** In place of the user's application password. */
  readonly password?: string
}

/** What a test reads out of an answer. */
export interface Asked {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
  /** Ids of the rows of a list. */
  readonly ids: readonly number[]
}

/** A fake site whose clock the test moves. */
export interface TestSite {
  readonly site: FakeWordPress
  /** Sets the clock. */
  at(time: string): void
  /** Moves it on. */
  pass(seconds: number): void
  ask(path: string, options?: AskOptions): Asked
  request(path: string, options?: AskOptions): SiteRequest
}

export function createTestSite(options: Partial<FakeWordPressOptions> = {}): TestSite {
  let time = Date.parse('2026-11-24T12:00:00Z')
  const site = createFakeWordPress({ clock: { now: () => new Date(time) }, ...options })

  function request(path: string, { method, body, user = 'admin', password }: AskOptions = {}): SiteRequest {
    const secret = password ?? site.users[user ?? '']?.applicationPassword
    const credential = Buffer.from(`${user}:${secret}`).toString('base64')
    return {
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      url: `${site.url}/wp-json/${path}`,
      headers: {
        ...(user === null ? {} : { authorization: `Basic ${credential}` }),
        ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      },
      body: body === undefined ? new Uint8Array() : Buffer.from(JSON.stringify(body)),
    }
  }

  return {
    site,
    at(text) {
      time = Date.parse(text)
    },
    pass(seconds) {
      time += seconds * 1000
    },
    request,
    ask(path, asked) {
      const { status, headers, body } = site.handle(request(path, asked))
      const text = Buffer.from(body).toString()
      const parsed: unknown =
        headers['content-type']?.startsWith('application/json') && text !== '' ? JSON.parse(text) : text
      const rows = Array.isArray(parsed) ? (parsed as readonly { readonly id: number }[]) : []
      return { status, headers, body: parsed, ids: rows.map((row) => row.id) }
    },
  }
}

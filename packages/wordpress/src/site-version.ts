import type { HttpClient } from '@igny8/core'
import { isIgny8Error } from '@igny8/core/adapter-kit'
import * as z from 'zod'
import type { WordPressRest } from './wordpress-client.ts'

const environmentSchema = z.looseObject({ wp_version: z.string() })

export interface VersionInput {
  readonly http: HttpClient
  readonly rest: WordPressRest
  readonly url: string
  readonly namespaces: readonly string[]
  readonly signal: AbortSignal | undefined
}

/**
 * The version of WordPress, or `null` where the site hides it. REST tells it to administrators since 6.9; before that, the smallest
 * page that carries it is the blogroll.
 */
export async function readVersion(input: VersionInput): Promise<string | null> {
  return (await askEnvironment(input)) ?? (await askBlogroll(input))
}

async function askEnvironment({ rest, namespaces, signal }: VersionInput): Promise<string | null> {
  if (!namespaces.includes('wp-abilities/v1')) return null
  const route = 'wp-abilities/v1/abilities/core/get-environment-info/run'
  const answer = await quietly(rest.call({ route, options: { signal } }))
  return pickVersion(environmentSchema.safeParse(answer?.value).data?.wp_version)
}

async function askBlogroll({ http, url, signal }: VersionInput): Promise<string | null> {
  const request = { method: 'GET', url: `${url}/wp-links-opml.php`, attempts: 1, timeoutMs: 10_000, signal } as const
  const response = await quietly(http.request(request))
  if (response?.status !== 200) return null
  return pickVersion(/generator="WordPress\/([\w.-]{1,30})"/.exec(response.text().slice(0, 100_000))?.[1])
}

/** The version is good to know, never worth a failure. */
async function quietly<Value>(value: Promise<Value>): Promise<Value | null> {
  try {
    return await value
  } catch (error) {
    if (isIgny8Error(error) && error.code !== 'CANCELLED') return null
    throw error
  }
}

function pickVersion(text: string | undefined): string | null {
  return text !== undefined && /^\d{1,3}\.\d/.test(text) ? text : null
}

/** Whether one version comes before another, by major and minor number. */
export function isOlder(version: string, than: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map((part) => Number.parseInt(part, 10))
  const [thanMajor = 0, thanMinor = 0] = than.split('.').map((part) => Number.parseInt(part, 10))
  return major < thanMajor || (major === thanMajor && minor < thanMinor)
}

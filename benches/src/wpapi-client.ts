import { createRequire } from 'node:module'
import type { SiteAccess } from './connect-sdk.ts'

/** The part of wpapi that is measured; it brings no types. */
export interface WpapiClient {
  posts(): WpapiPosts
}

interface WpapiPosts {
  perPage(count: number): WpapiPosts
  page(number: number): WpapiPosts
  get(): Promise<WpapiPage>
  create(post: Readonly<Record<string, unknown>>): Promise<{ readonly id: number }>
}

export type WpapiPage = readonly { readonly id: number }[] & { readonly _paging?: { readonly totalPages: string } }

type WpapiConstructor = new (options: {
  readonly endpoint: string
  readonly username: string
  readonly password: string
  readonly auth: boolean
}) => WpapiClient

export function createWpapiClient({ url, username, applicationPassword }: SiteAccess): WpapiClient {
  const Wpapi = createRequire(import.meta.url)('wpapi') as WpapiConstructor
  return new Wpapi({ endpoint: `${url}/wp-json`, username, password: applicationPassword, auth: true })
}

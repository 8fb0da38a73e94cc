import * as z from 'zod'
import { Igny8Error, isIgny8Error } from '../errors/igny8-error.ts'
import type { CallOptions } from '../ports/call-options.ts'
import type { Clock } from '../ports/clock.ts'
import type { PlatformAdapter, PlatformClient } from '../ports/platform-adapter.ts'
import type { BatchOutcome, RemoteText } from '../ports/platform-content.ts'
import type { RemotePage } from '../ports/platform-pull.ts'
import type { RemoteTerm } from '../ports/platform-taxonomies.ts'
import { createFakeSite, type FakeSite, fakeStructure, outlineOf, slugOf } from './fake-site.ts'

export type { FakeItem } from './fake-site.ts'

/** A platform in memory that behaves as WordPress does where sync depends on it, and what a test may do behind its back. */
export interface FakePlatform
  extends Pick<FakeSite, 'url' | 'items' | 'terms' | 'media' | 'revisions' | 'edit' | 'trash'> {
  readonly adapter: PlatformAdapter
  readonly credentials: { readonly username: string; readonly password: string }
  /** Names of the calls made, oldest first. */
  readonly calls: string[]
  /** Whether it publishes by itself what is due. @default true */
  publishesDue: boolean
  /** Called before each call; throw to make it fail, wait to make it last. `after` runs once the call has done its work. */
  interfere: { before?: (call: string) => void | Promise<void>; after?: (call: string) => void | Promise<void> }
}

/** A platform in memory that passes the contract of platforms, with a site that the test edits, and calls that it makes fail or wait. */
export function createFakePlatform(options: {
  readonly clock: Clock
  readonly password?: string
  readonly maxPageSize?: number
  /** @default true */
  readonly futureDates?: boolean
}): FakePlatform {
  const { clock, maxPageSize = 100, password = 'fake-password' } = options
  const site = createFakeSite(clock)
  const { items, terms, media, ofType, need } = site
  const calls: string[] = []
  const fake: FakePlatform = {
    ...site,
    credentials: { username: 'editor', password },
    calls,
    publishesDue: true,
    interfere: {},
    adapter: {
      platform: 'fake',
      wireName: 'fake',
      traits: {
        createIdempotency: 'marker',
        conditionalUpdate: 'none',
        deletions: 'sweep',
        timeGranularityMs: 1_000,
        credentials: 'site',
        futureDates: options.futureDates ?? true,
      },
      credentials: {
        schema: z.strictObject({ username: z.string().min(1), password: z.string().min(1) }),
        toSecret: (input) => `${input.username}:${input.password}`,
      },
      normaliseUrl: (url) => url.replace(/\/+$/, ''),
      open: ({ credential }) => openClient(credential.reveal() === `editor:${password}`),
    },
  }
  /** Every call is counted, may be made to fail before or after its work, and needs the right credential. */
  async function call<Result>(
    name: string,
    allowed: boolean,
    work: () => Result,
    options?: CallOptions,
  ): Promise<Result> {
    calls.push(name)
    await fake.interfere.before?.(name)
    if (!allowed)
      throw new Igny8Error({ code: 'AUTH_FAILED', message: 'The password is wrong.', hint: 'Enter it again.' })
    await options?.beforeSend?.()
    // As on WordPress, which looks for what is due when somebody visits it.
    if (fake.publishesDue) site.publishDue()
    const result = work()
    await fake.interfere.after?.(name)
    return structuredClone(result)
  }

  function page<Row>(rows: readonly Row[], offset: number, limit: number): RemotePage<Row> {
    return {
      rows: rows.slice(offset, offset + limit),
      rejected: [],
      total: rows.length,
      serverTime: clock.now(),
      more: offset + limit < rows.length,
    }
  }

  function openClient(allowed: boolean): PlatformClient {
    const update = (type: string, externalId: string, fields: Parameters<FakeSite['write']>[1]) => {
      const item = need(type, externalId)
      site.write(item, fields)
      return item
    }
    const run = <Result>(name: string, work: () => Result, options?: CallOptions) => call(name, allowed, work, options)
    return {
      testConnection: () =>
        run('testConnection', () => ({
          user: { externalId: '1', name: 'Editor', login: 'editor' },
          roles: ['editor'],
          capabilities: ['publish'],
          siteName: 'Fake site',
          platformVersion: '1.0',
          apiRoot: site.url,
          timezone: 'Europe/Berlin',
          clockSkewMs: 0,
          warnings: [],
        })),
      testCollection: ({ type }) =>
        run('testCollection', () => {
          if (!fakeStructure(clock).contentTypes.some((known) => known.type === type))
            throw new Igny8Error({
              code: 'REMOTE_NOT_FOUND',
              message: 'There is no such type.',
              hint: 'Choose another.',
            })
          return {
            type,
            canRead: true,
            canWrite: true,
            canPublish: true,
            canUploadMedia: true,
            count: ofType(type, false).length,
            problems: [],
          }
        }),
      readStructure: () => run('readStructure', () => fakeStructure(clock)),
      content: {
        get: ({ type, externalId }) =>
          run('content.get', () =>
            items.get(externalId)?.type === type
              ? { kind: 'found' as const, content: need(type, externalId) }
              : { kind: 'absent' as const },
          ),
        create: ({ type, fields }, options) => run('content.create', () => site.create(type, fields), options),
        update: ({ type, externalId, fields }, options) =>
          run('content.update', () => update(type, externalId, fields), options),
        findByMarker: ({ type, marker }) =>
          run('content.findByMarker', () =>
            ofType(type, true).filter(
              ({ fields: { slug } }) =>
                slug.startsWith(marker) && /^(-\d+)?(__trashed)?$/.test(slug.slice(marker.length)),
            ),
          ),
        trash: ({ type, externalId }) => run('content.trash', () => site.trash(need(type, externalId))),
        delete: ({ externalId }) => run('content.delete', () => void items.delete(externalId)),
        batch: {
          maxOperations: 25,
          async run(operations, options) {
            const errors = new Map<number, Error>()
            const write = () =>
              operations.map((operation, index) => {
                const { type, fields } = operation
                try {
                  if (operation.kind === 'create') return site.create(type, fields)
                  return update(type, operation.externalId, fields)
                } catch (error) {
                  if (!isIgny8Error(error)) throw error
                  errors.set(index, error)
                  return null
                }
              })
            const contents = await run('content.batch', write, options)
            return contents.map((content, index): BatchOutcome => {
              const error = errors.get(index) ?? new Error('The fake did nothing.')
              return content === null ? { kind: 'failed', error } : { kind: 'done', content }
            })
          },
        },
        latestRevision: ({ externalId, left }) =>
          run('content.latestRevision', () => {
            const now = items.get(externalId)?.fields ?? { title: '', body: '', excerpt: '' }
            const past = site.revisions.get(externalId) ?? []
            const own = past.findLastIndex(({ fields }) => hasText(fields, left))
            const before = own === -1 ? past : past.slice(0, own)
            const index = before.findLastIndex(({ fields }) => !hasText(fields, left) && !hasText(fields, now))
            const found = past[index]
            return found === undefined ? null : { externalId: `${externalId}-r${index}`, ...found }
          }),
      },
      pull: {
        maxPageSize,
        listByExternalId: ({ type, offset, limit }) =>
          run('pull.listByExternalId', () => page(ofType(type, false), offset, limit)),
        listOutlines: ({ type, offset, limit }) =>
          run('pull.listOutlines', () => page(ofType(type, true).map(outlineOf), offset, limit)),
        listNewest: ({ type, offset, limit }) =>
          run('pull.listNewest', () => page(ofType(type, false).reverse().map(outlineOf), offset, limit)),
        listModifiedSince: ({ type, since, excludeIds, limit }) =>
          run('pull.listModifiedSince', () => {
            const rows = ofType(type, true).filter(
              (item) => item.modifiedAt >= since && !excludeIds.includes(item.externalId),
            )
            return page(
              rows.sort((left, right) => left.modifiedAt.getTime() - right.modifiedAt.getTime()).map(outlineOf),
              0,
              limit,
            )
          }),
        getMany: ({ type, externalIds }) =>
          run('pull.getMany', () =>
            page(
              ofType(type, true).filter((item) => externalIds.includes(item.externalId)),
              0,
              maxPageSize,
            ),
          ),
      },
      media: {
        findByContentHash: (hash) =>
          run(
            'media.findByContentHash',
            () => [...media.values()].find((upload) => upload.contentHash === hash) ?? null,
          ),
        upload: ({ contentHash, mediaType, alt, title }, options) => {
          const store = () => {
            const externalId = site.nextId()
            const upload = { externalId, url: `${site.url}/uploads/${contentHash}`, alt, title, mediaType, contentHash }
            media.set(externalId, upload)
            return upload
          }
          return run('media.upload', store, options)
        },
        getMany: (ids) => run('media.getMany', () => ids.flatMap((id) => media.get(id) ?? [])),
      },
      taxonomies: {
        list: ({ type, page: number, limit }) =>
          run('taxonomies.list', () =>
            page(
              [...terms.values()].filter((term) => term.type === type),
              (number - 1) * limit,
              limit,
            ),
          ),
        create: ({ type, name, slug, description = '', parentExternalId = null }) =>
          run('taxonomies.create', () => {
            const standing = [...terms.values()].find(
              (term) =>
                term.type === type &&
                term.parentExternalId === parentExternalId &&
                term.name.toLowerCase() === name.toLowerCase(),
            )
            if (standing !== undefined) return { term: standing, adopted: true }
            const term: RemoteTerm = {
              externalId: site.nextId(),
              type,
              name,
              slug: slug ?? slugOf(name),
              description,
              parentExternalId,
            }
            terms.set(term.externalId, term)
            return { term, adopted: false }
          }),
        update: ({ externalId, ...changes }) =>
          run('taxonomies.update', () => {
            const standing = terms.get(externalId)
            if (standing === undefined)
              throw new Igny8Error({
                code: 'REMOTE_NOT_FOUND',
                message: 'There is no such term.',
                hint: 'Check its id.',
              })
            const term = { ...standing, ...changes } as RemoteTerm
            terms.set(externalId, term)
            return term
          }),
        delete: ({ externalId }) => run('taxonomies.delete', () => void terms.delete(externalId)),
      },
    }
  }
  return fake
}

function hasText(one: RemoteText, other: RemoteText): boolean {
  return one.title === other.title && one.body === other.body && one.excerpt === other.excerpt
}

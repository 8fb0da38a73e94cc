import * as z from 'zod'

/** What a delivery tells: something happened to this item. All else is read from the site. */
export interface WebhookHint {
  readonly action: 'post_created' | 'post_updated' | 'post_deleted' | 'status_changed'
  readonly externalId: string
  /** Orders where to look first; `null` where it is no name of a type. */
  readonly externalType: string | null
  /** As the site wrote it. */
  readonly siteUrl: string
}

const siteUrl = z.string().min(1).max(2_000)

/** Members we do not know are passed over and nothing of them is kept: a plugin may send more one day. */
const payloadSchema = z.object({
  action: z.string().min(1).max(64),
  post_id: z.union([z.int().positive(), z.string().regex(/^0*[1-9]\d{0,18}$/)]),
  post_type: z
    .string()
    .regex(/^[a-z0-9_-]{1,64}$/)
    .nullish()
    .catch(null),
  site_url: siteUrl,
})

const actionSchema = z.enum(['post_created', 'post_updated', 'post_deleted', 'status_changed']).catch('post_updated')

/** The hint in a body; `undefined` where there is none. */
export function parseWebhookPayload(body: Uint8Array): WebhookHint | undefined {
  const { success, data } = payloadSchema.safeParse(parseBody(body))
  if (!success) return undefined
  return {
    action: actionSchema.parse(data.action),
    externalId: String(data.post_id).replace(/^0+/, ''),
    externalType: data.post_type ?? null,
    siteUrl: data.site_url,
  }
}

/**
 * Which site a delivery claims to be from. Read before its signature is proven, because it tells whose secrets to try, and for nothing else: a lie
 * leads to secrets that do not fit. At most 64 KiB, by the engine's own linear parser, own members only.
 */
export function readClaimedSiteUrl(body: Uint8Array): string | undefined {
  const value = parseBody(body)
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, 'site_url')) return undefined
  return siteUrl.safeParse((value as { readonly site_url: unknown }).site_url).data
}

const decoder = new TextDecoder('utf-8', { fatal: true })

function parseBody(body: Uint8Array): unknown {
  try {
    return JSON.parse(decoder.decode(body))
  } catch {
    return undefined
  }
}

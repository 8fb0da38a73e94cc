/** Headers as any server has them. Names in any case; `get` is asked for small letters. */
export type WebhookHeaders = Readonly<Record<string, string | undefined>> | Pick<Headers, 'get'>

/** What the headers of a delivery say, by Standard Webhooks. */
export interface SignedHeaders {
  readonly kind: 'signed'
  readonly id: string
  /** As it was sent: the signature covers these very digits. */
  readonly timestamp: string
  /** Those of version 1, decoded: 32 bytes each. */
  readonly signatures: readonly Buffer[]
  /** Our own header, by which a site may name its integration. */
  readonly integrationId: string | undefined
}

export type ReadHeaders = SignedHeaders | { readonly kind: 'unsigned' } | { readonly kind: 'malformed' }

const maximumSignatures = 16
const maximumSignatureHeader = 2_048

/** Not the full stop: the signed text is `id.timestamp.body`, and must be read in one way only. */
const idForm = /^[A-Za-z0-9_:-]{1,128}$/
const timestampForm = /^\d{1,12}$/
const integrationForm = /^[A-Za-z0-9_-]{1,64}$/
const signatureForm = /^v1,([A-Za-z0-9+/]{43}=)$/

/**
 * Reads the headers without looking at the body. One of the three makes a delivery a signed one, so that taking one away never makes
 * it pass as unsigned.
 */
export function readWebhookHeaders(headers: WebhookHeaders): ReadHeaders {
  const read = readerOf(headers)
  const id = read('webhook-id')
  const timestamp = read('webhook-timestamp')
  const signature = read('webhook-signature')
  if (id === undefined && timestamp === undefined && signature === undefined) return { kind: 'unsigned' }
  const integrationId = read('x-igny8-integration')
  const isWellFormed =
    idForm.test(id ?? '') &&
    timestampForm.test(timestamp ?? '') &&
    (signature?.length ?? Infinity) <= maximumSignatureHeader &&
    integrationForm.test(integrationId ?? 'none')
  if (!isWellFormed || id === undefined || timestamp === undefined || signature === undefined)
    return { kind: 'malformed' }
  const given = signature.split(' ')
  if (given.length > maximumSignatures) return { kind: 'malformed' }
  const signatures = given.flatMap((text) => {
    const base64 = signatureForm.exec(text)?.[1]
    return base64 === undefined ? [] : Buffer.from(base64, 'base64')
  })
  return { kind: 'signed', id, timestamp, signatures, integrationId }
}

/** One value for each name. What is not text, or came twice, becomes text that no form lets through. */
function readerOf(headers: WebhookHeaders): (name: string) => string | undefined {
  if (isHeaders(headers)) return (name) => headers.get(name) ?? undefined
  const byName = new Map<string, string>()
  for (const [name, value] of Object.entries(headers)) {
    if (value === undefined) continue
    const key = name.toLowerCase()
    const before = byName.get(key)
    byName.set(key, before === undefined ? String(value) : `${before}, ${value}`)
  }
  return (name) => byName.get(name)
}

/** By its method: a server may bring a `Headers` of its own. */
function isHeaders(headers: WebhookHeaders): headers is Pick<Headers, 'get'> {
  return typeof headers.get === 'function'
}

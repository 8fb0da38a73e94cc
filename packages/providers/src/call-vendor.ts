import type { AiCall, HttpRequest, HttpResponse } from '@igny8/core'

export interface VendorRequest {
  readonly method: 'GET' | 'POST'
  readonly url: string
  readonly json?: unknown
  readonly credentials: Pick<HttpRequest, 'authorization' | 'secretHeaders'>
  readonly timeoutMs: number
  readonly maxBytes: number
}

/** One request to a vendor that has no SDK: never repeated here, as core decides by the effect. */
export function callVendor(call: AiCall, request: VendorRequest): Promise<HttpResponse> {
  const { method, url, json, credentials, timeoutMs, maxBytes } = request
  return call.http.request({
    method,
    url,
    headers: { accept: 'application/json', ...(json === undefined ? {} : { 'content-type': 'application/json' }) },
    ...(json === undefined ? {} : { body: JSON.stringify(json) }),
    ...credentials,
    timeoutMs,
    maxBytes,
    attempts: 1,
    politeness: 'none',
    signal: call.signal,
  })
}

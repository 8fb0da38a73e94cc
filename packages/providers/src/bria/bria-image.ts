import type { AiCall, Clock, GeneratedImages, GenerateImageInput, HttpResponse } from '@igny8/core'
import { mapStatusToError } from '@igny8/core/adapter-kit'
import { imageTimeoutMs, keyTestLimits } from '../call-limits.ts'
import { callVendor } from '../call-vendor.ts'
import { checkKey } from '../check-key.ts'
import { missingImages } from '../missing-images.ts'
import { pollUntil } from '../poll-until.ts'
import { readRefusalJson, readVendorJson } from '../read-vendor-json.ts'
import { malformedAnswer, mapRefusalToError, type VendorRefusal } from '../vendor-failure.ts'
import { acceptedSchema, errorBodySchema, firstResultSchema, resultSchema, statusSchema } from './bria-schemas.ts'
import { type BriaRequest, mapInputToBria } from './map-input-to-bria.ts'

/** How this SDK names the vendor to a person. */
const vendor = 'Bria'

export interface BriaApi {
  readonly baseUrl: string
  readonly delivery: 'sync' | 'async'
  readonly clock: Clock
  readonly pollEveryMs: number
}

interface FoundImage {
  readonly url: string
  readonly seed: number | null
}

interface Circumstances {
  readonly api: BriaApi
  readonly call: AiCall
  readonly deadline: Date
}

const maxBytes = 4 * 1024 * 1024
const statusesOfNotYet = new Set([202, 403, 404])

/** Images as addresses. Nothing is submitted twice: the vendor knows no key of idempotency. */
export async function generateImages(api: BriaApi, input: GenerateImageInput, call: AiCall): Promise<GeneratedImages> {
  const request = mapInputToBria(input, api.delivery === 'sync')
  checkKey(call.apiKey)
  const totalMs = call.timeoutMs ?? imageTimeoutMs
  const circumstances = { api, call, deadline: new Date(api.clock.now().getTime() + totalMs) }
  const answer = await ask(api, call, { method: 'POST', path: request.path, json: request.body, leftMs: totalMs })
  if (answer.status < 200 || answer.status > 299) throw refuse(answer, call, api.clock.now())
  const isFirst = request.version === 1
  const found = await (isFirst ? readFirst(answer, request, circumstances) : readSecond(answer, circumstances))
  return {
    images: found.map(({ url, seed }) => ({ kind: 'url', url, seed })),
    refused: missingImages(vendor, request.count - found.length),
    units: { image: found.length },
    attributes: request.attributes,
    reportedCost: null,
  }
}

/** There is no call for it, so an unknown job is asked for: a good key is told that there is none. */
export async function testKey(api: BriaApi, call: AiCall): Promise<void> {
  checkKey(call.apiKey)
  const path = 'v2/status/00000000-0000-4000-8000-000000000000'
  const answer = await ask(api, call, { method: 'GET', path, leftMs: call.timeoutMs ?? keyTestLimits.timeoutMs })
  const isKnownAnswer = readRefusalJson(answer, statusSchema) !== undefined
  if (isKnownAnswer && (answer.status === 404 || answer.status === 200)) return
  if (answer.status < 300) throw malformedAnswer(vendor, 'no status of a job.')
  throw refuse(answer, call, api.clock.now())
}

interface Question {
  readonly method: 'GET' | 'POST'
  readonly path: string
  readonly json?: unknown
  readonly leftMs: number
}

function ask({ baseUrl }: BriaApi, call: AiCall, { method, path, json, leftMs }: Question): Promise<HttpResponse> {
  const credentials = { secretHeaders: { api_token: call.apiKey } }
  return callVendor(call, { method, url: `${baseUrl}/${path}`, json, credentials, timeoutMs: leftMs, maxBytes })
}

async function readFirst(answer: HttpResponse, request: BriaRequest, circumstances: Circumstances) {
  const { result } = readVendorJson(vendor, answer, firstResultSchema)
  const found = result.flatMap(({ urls, seed }) => urls.map((url) => ({ url, seed }))).slice(0, request.count)
  if (found.length === 0) throw malformedAnswer(vendor, 'no image.')
  if (circumstances.api.delivery === 'async') await Promise.all(found.map(({ url }) => waitForUrl(url, circumstances)))
  return found
}

/** Until the image is there, its address answers as one that is forbidden or unknown. */
function waitForUrl(url: string, { api, call, deadline }: Circumstances): Promise<true> {
  return pollUntil({
    vendor,
    clock: api.clock,
    everyMs: api.pollEveryMs,
    deadline,
    signal: call.signal,
    async look(leftMs) {
      const { signal, http } = call
      const answer = await http.request({ method: 'HEAD', url, attempts: 1, timeoutMs: leftMs, signal })
      if (answer.status === 200) return { result: true }
      if (statusesOfNotYet.has(answer.status)) return undefined
      throw mapStatusToError(answer, { now: api.clock.now(), safe: true })
    },
  })
}

async function readSecond(answer: HttpResponse, circumstances: Circumstances) {
  if (answer.status !== 202) return [mapImage(readVendorJson(vendor, answer, resultSchema).result)]
  const { request_id } = readVendorJson(vendor, answer, acceptedSchema)
  return [await waitForJob(request_id, circumstances)]
}

async function waitForJob(requestId: string, { api, call, deadline }: Circumstances): Promise<FoundImage> {
  const answer = await pollUntil({
    vendor,
    clock: api.clock,
    everyMs: api.pollEveryMs,
    deadline,
    signal: call.signal,
    async look(leftMs) {
      const answer = await ask(api, call, { method: 'GET', path: `v2/status/${requestId}`, leftMs })
      if (answer.status !== 200) throw refuse(answer, call, api.clock.now())
      const { status } = readVendorJson(vendor, answer, statusSchema)
      return status === 'IN_PROGRESS' ? undefined : { result: answer }
    },
  })
  const { status, result, error } = readVendorJson(vendor, answer, statusSchema)
  if (status === 'COMPLETED' && result != null) return mapImage(result)
  const refusal = { kind: 'failed', ...mapErrorToRefusal(error) } as const
  throw mapRefusalToError({ vendor, answer, refusal, apiKey: call.apiKey, now: api.clock.now() })
}

function mapImage({ image_url, seed }: { readonly image_url: string; readonly seed: number | null }): FoundImage {
  return { url: image_url, seed }
}

function refuse(answer: HttpResponse, { apiKey }: AiCall, now: Date) {
  const body = readRefusalJson(answer, errorBodySchema)
  return mapRefusalToError({ vendor, answer, refusal: mapErrorToRefusal(body?.error, answer.status), apiKey, now })
}

/** 422 is a moderation, which may have looked at the finished image. */
function mapErrorToRefusal(
  error: { readonly code?: unknown; readonly message?: string | null | undefined } | null | undefined,
  status?: number,
): VendorRefusal {
  const code = error?.code == null ? null : String(error.code)
  const isModeration = status === 422 || code === '422'
  const moderation = { kind: 'moderation', effect: 'unknown' } as const
  return { code, message: error?.message ?? null, ...(isModeration ? moderation : {}) }
}

import type { AiCall, Clock, GeneratedImageData, GeneratedImages, GenerateImageInput, HttpResponse } from '@igny8/core'
import { bytesAnImage, imageTimeoutMs } from '../call-limits.ts'
import { callVendor } from '../call-vendor.ts'
import { checkKey } from '../check-key.ts'
import { decodeImage } from '../decode-image.ts'
import { missingImages } from '../missing-images.ts'
import { pollUntil } from '../poll-until.ts'
import { readRefusalJson, readVendorJson } from '../read-vendor-json.ts'
import { malformedAnswer, mapRefusalToError, quote } from '../vendor-failure.ts'
import { mapErrorToRefusal } from './map-error-to-refusal.ts'
import { mapInputToTask, type TaskOptions } from './map-input-to-task.ts'
import { answerSchema, type RunwareEntry, type RunwareFailure } from './runware-schemas.ts'
import { sumCosts } from './sum-costs.ts'

/** How this SDK names the vendor to a person. */
const vendor = 'Runware'

export interface RunwareApi extends TaskOptions {
  readonly baseUrl: string
  readonly clock: Clock
  readonly pollEveryMs: number
}

/** What came for one task: images that are there, what is still being made, and what failed. */
export interface TaskState {
  readonly answer: HttpResponse
  readonly entries: readonly RunwareEntry[]
  readonly done: readonly RunwareEntry[]
  readonly isProcessing: boolean
  readonly failures: readonly RunwareFailure[]
}

/** Images of one task, found by its id; those that failed are told in `refused`, unless all did. */
export async function generateImages(
  api: RunwareApi,
  input: GenerateImageInput,
  call: AiCall,
): Promise<GeneratedImages> {
  const task = mapInputToTask(input, api)
  const limits = { timeoutMs: call.timeoutMs ?? imageTimeoutMs, maxBytes: task.numberResults * bytesAnImage }
  const deadline = new Date(api.clock.now().getTime() + limits.timeoutMs)
  const first = await runTask(api, task, call, limits)
  const isFinal = api.delivery === 'sync' || first.failures.length > 0
  const state = isFinal ? first : await waitForTask(api, task, call, { deadline, maxBytes: limits.maxBytes })
  if (state.done.length === 0) throw whyNothing(state, call, api.clock.now())
  const attributes = { size: `${task.width}x${task.height}` }
  return { ...readImages(state, task.numberResults, call), attributes }
}

/** Sends any task and reads what came of it. Throws where it was refused as a whole. */
export async function runTask(
  api: Pick<RunwareApi, 'baseUrl' | 'clock'>,
  task: { readonly taskUUID: string },
  call: AiCall,
  limits: { readonly timeoutMs: number; readonly maxBytes: number },
): Promise<TaskState> {
  checkKey(call.apiKey)
  const credentials = { authorization: { scheme: 'Bearer', secret: call.apiKey } } as const
  const answer = await callVendor(call, { method: 'POST', url: api.baseUrl, json: [task], credentials, ...limits })
  const isSuccess = answer.status >= 200 && answer.status <= 299
  const body = isSuccess ? readVendorJson(vendor, answer, answerSchema) : readRefusalJson(answer, answerSchema)
  const entries = (body?.data ?? []).filter(({ taskUUID }) => taskUUID === task.taskUUID)
  const all = [...(body?.errors ?? []), ...(body?.error === undefined ? [] : [body.error])]
  const failures = all.filter(({ taskUUID }) => taskUUID == null || taskUUID === task.taskUUID)
  if (!isSuccess && entries.length === 0) throw fail(answer, failures[0], call, api.clock.now())
  if (entries.length === 0 && failures.length === 0) throw malformedAnswer(vendor, 'nothing about this task.')
  const done = entries.filter((entry) => sourceOf(entry) !== undefined)
  return { answer, entries, done, isProcessing: entries.some(({ status }) => status === 'processing'), failures }
}

function waitForTask(
  api: RunwareApi,
  task: { readonly taskUUID: string; readonly numberResults: number },
  call: AiCall,
  { deadline, maxBytes }: { readonly deadline: Date; readonly maxBytes: number },
): Promise<TaskState> {
  const question = { taskType: 'getResponse', taskUUID: task.taskUUID }
  return pollUntil({
    vendor,
    clock: api.clock,
    everyMs: api.pollEveryMs,
    deadline,
    signal: call.signal,
    async look(leftMs) {
      const state = await runTask(api, question, call, { timeoutMs: leftMs, maxBytes })
      const isDone = state.done.length >= task.numberResults || (state.failures.length > 0 && !state.isProcessing)
      return isDone ? { result: state } : undefined
    },
  })
}

/** The failure of a task of which nothing came. */
export function whyNothing({ answer, failures }: TaskState, call: AiCall, now: Date) {
  return failures.length === 0 ? malformedAnswer(vendor, 'no image.') : fail(answer, failures[0], call, now)
}

function readImages({ done, failures }: TaskState, count: number, call: AiCall) {
  const flagged = done.filter(({ NSFWContent }) => NSFWContent === true)
  const images = done.filter((entry) => !flagged.includes(entry)).map(mapEntryToImage)
  const told = [
    ...failures.map(({ code, message }) => quote(message ?? code ?? 'No reason was given.', call.apiKey)),
    ...flagged.map(() => `${vendor} flagged an image as unsafe.`),
  ]
  return {
    images,
    refused: [...told, ...missingImages(vendor, count - images.length - told.length)],
    units: { image: done.length },
    reportedCost: sumCosts(done.map(({ cost }) => cost)),
  }
}

function mapEntryToImage(entry: RunwareEntry): GeneratedImageData {
  const seed = entry.seed ?? null
  const encoded = entry.imageBase64Data ?? entry.imageDataURI
  if (encoded != null) return { kind: 'bytes', bytes: decodeImage(encoded), seed }
  const url = entry.imageURL ?? ''
  if (!/^https?:\/\//.test(url)) throw malformedAnswer(vendor, 'an address of an image that is none.')
  return { kind: 'url', url, seed }
}

function sourceOf({ imageURL, imageBase64Data, imageDataURI }: RunwareEntry): string | undefined {
  return imageURL ?? imageBase64Data ?? imageDataURI ?? undefined
}

function fail(answer: HttpResponse, failure: RunwareFailure | undefined, { apiKey }: AiCall, now: Date) {
  return mapRefusalToError({ vendor, answer, refusal: mapErrorToRefusal(failure), apiKey, now })
}

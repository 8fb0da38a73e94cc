import type { AiExchanges, Exchange, ReceivedRequest, ScriptedAnswer } from '@igny8/core/testing'
import { tinyPng } from '../tiny-png.ts'

function json(value: unknown, more: Omit<ScriptedAnswer, 'body'> = {}): ScriptedAnswer {
  return { ...more, body: JSON.stringify(value) }
}

function taskIdOf({ body }: ReceivedRequest): string {
  const [task] = JSON.parse(body) as readonly { readonly taskUUID: string }[]
  return task?.taskUUID ?? ''
}

const foreignTask = '3fa85f64-5717-4562-b3fc-2c963f66afa6'

type Entry = Readonly<Record<string, unknown>>

/** Images of the task that was asked for, with entries of others between them. */
function images(entries: readonly Entry[], errors?: readonly Entry[]): Exchange {
  return (request) => {
    const own = { taskType: 'imageInference', taskUUID: taskIdOf(request) }
    const data = [
      { taskType: 'imageInference', taskUUID: foreignTask, imageURL: 'https://im.runware.ai/of-another.jpg', cost: 9 },
      ...entries.map((entry, index) => ({
        ...own,
        imageUUID: `b7db282d-2943-4f12-992f-77df3ad3ec7${index}`,
        ...entry,
      })),
    ]
    return json({ data, ...(errors === undefined ? {} : { errors: errors.map((error) => ({ ...own, ...error })) }) })
  }
}

const url = (number: number) => `https://im.runware.ai/image/ws/2/ii/${number}.jpg`

function failed(status: number, code: string, message: string, headers: Readonly<Record<string, string>> = {}) {
  const error = { code, message, parameter: 'positivePrompt', taskType: 'imageInference' }
  return json({ errors: [error] }, { status, headers })
}

/** In a good answer, with the id of the task. */
function failedIn(status: number, code: string): Exchange {
  return (request) =>
    json({ errors: [{ code, message: 'It failed.', parameter: ['width'], taskUUID: taskIdOf(request) }] }, { status })
}

const accepted: Exchange = (request) => json({ data: [{ taskType: 'imageInference', taskUUID: taskIdOf(request) }] })

function polled(...entries: readonly Entry[]): Exchange {
  return images(entries)
}

const refusals: AiExchanges['refusals'] = [
  {
    name: 'a bad key',
    exchanges: [
      json(
        {
          errors: [
            { code: 'invalidApiKey', message: 'Invalid API key.', parameter: 'apiKey', taskType: 'authentication' },
          ],
        },
        { status: 401 },
      ),
    ],
    code: 'AUTH_FAILED',
    effect: 'none',
  },
  {
    name: 'a single error under its own name',
    exchanges: [json({ error: { code: 'invalidApiKey', message: 'Invalid API key.' } }, { status: 401 })],
    code: 'AUTH_FAILED',
    effect: 'none',
  },
  {
    name: 'a credit that is used up',
    exchanges: [failed(402, 'insufficientCredits', 'Add credits.')],
    code: 'QUOTA_EXHAUSTED',
    effect: 'none',
  },
  {
    name: 'a rate limit',
    exchanges: [failed(429, 'rateLimitExceeded', 'Slow down.', { 'retry-after': '7' })],
    code: 'RATE_LIMITED',
    effect: 'none',
    retryAfterMs: 7_000,
  },
  {
    name: 'a parameter at fault',
    exchanges: [failedIn(400, 'invalidWidth')],
    code: 'INVALID_INPUT',
    effect: 'none',
  },
  {
    name: 'a parameter at fault in a good answer',
    exchanges: [failedIn(200, 'unsupportedModel')],
    code: 'INVALID_INPUT',
    effect: 'none',
  },
  {
    name: 'a moderation',
    exchanges: [failedIn(400, 'contentModerationFailed')],
    code: 'CONTENT_REFUSED',
    effect: 'unknown',
  },
  {
    name: 'a provider behind it that is late',
    exchanges: [failedIn(200, 'timeoutProvider')],
    code: 'REMOTE_FAILED',
    effect: 'unknown',
  },
  {
    name: 'a failure of the vendor’s',
    exchanges: [failed(500, 'serverError', 'It failed.')],
    code: 'REMOTE_FAILED',
    effect: 'unknown',
  },
]

/** How Runware speaks when it answers at once, after its documentation. */
export const runwareExchanges: AiExchanges = {
  image: {
    model: 'runware-v2',
    plain: {
      exchanges: [images([{ imageURL: url(1), seed: 42, NSFWContent: false, cost: 0.0013 }])],
      expected: { images: 1, units: { image: 1 }, reportedCost: '0.0013' },
    },
    others: [
      {
        name: 'add up what each of several cost',
        input: { count: 3, width: 512, height: 768, seed: 7, negativePrompt: 'blur' },
        exchanges: [images([1, 2, 3].map((number) => ({ imageURL: url(number), cost: 0.1 })))],
        expected: { images: 3, units: { image: 3 }, reportedCost: '0.3' },
      },
      {
        name: 'come in part, with the reason for the rest',
        input: { count: 3 },
        exchanges: [
          images(
            [
              { imageURL: url(1), cost: 0.0006 },
              { imageURL: url(2), cost: 0.0006 },
            ],
            [{ code: 'failedToGenerate', message: 'One failed.' }],
          ),
        ],
        expected: { images: 2, refused: 1, units: { image: 2 }, reportedCost: '0.0012' },
      },
      {
        name: 'are not handed out where the vendor flags them, and cost all the same',
        input: { count: 2 },
        exchanges: [
          images([
            { imageURL: url(1), NSFWContent: true, cost: 0.0006 },
            { imageURL: url(2), NSFWContent: false, cost: 0.0006 },
          ]),
        ],
        expected: { images: 1, refused: 1, units: { image: 2 }, reportedCost: '0.0012' },
      },
      {
        name: 'have no cost where one of them tells none',
        input: { count: 2 },
        exchanges: [images([{ imageURL: url(1), cost: 0.0006 }, { imageURL: url(2) }])],
        expected: { images: 2, units: { image: 2 }, reportedCost: null },
      },
      {
        name: 'are not refused for what failed of another task',
        exchanges: [images([{ imageURL: url(1), cost: 0.0006 }], [{ taskUUID: foreignTask, code: 'invalidWidth' }])],
        expected: { images: 1, units: { image: 1 }, reportedCost: '0.0006' },
      },
      {
        name: 'come as bytes',
        exchanges: [images([{ imageBase64Data: tinyPng, cost: 0.0006 }])],
        expected: { images: 1, units: { image: 1 }, reportedCost: '0.0006' },
      },
      {
        name: 'come as a data address',
        exchanges: [images([{ imageDataURI: `data:image/png;base64,${tinyPng}`, cost: 0.0006 }])],
        expected: { images: 1, units: { image: 1 }, reportedCost: '0.0006' },
      },
    ],
    failures: [
      {
        name: 'only those of another task are no success',
        exchanges: [images([])],
        code: 'REMOTE_MALFORMED',
        effect: 'unknown',
      },
      {
        name: 'an entry without an image is no success',
        exchanges: [images([{ cost: 0.0006 }])],
        code: 'REMOTE_MALFORMED',
        effect: 'unknown',
      },
      {
        name: 'bytes that are no image are refused',
        exchanges: [images([{ imageBase64Data: 'bm90IGFuIGltYWdl' }])],
        code: 'IMAGE_REFUSED',
        effect: 'unknown',
      },
      {
        name: 'an address that is none is no success',
        exchanges: [images([{ imageURL: 'javascript:alert(1)' }])],
        code: 'REMOTE_MALFORMED',
        effect: 'unknown',
      },
    ],
  },
  refusals,
  refuseWith: (message) => failed(400, 'invalidPositivePrompt', message),
  testKey: {
    accepted: (request) =>
      json({
        data: [
          { taskType: 'accountManagement', taskUUID: taskIdOf(request), operation: 'getDetails', balance: 2_450.75 },
        ],
      }),
    refused: failed(401, 'invalidApiKey', 'Invalid API key.'),
  },
}

/** The same where it is asked again and again. */
export const runwareAsyncExchanges: AiExchanges = {
  ...runwareExchanges,
  image: {
    model: 'runware-v2',
    plain: {
      exchanges: [
        accepted,
        polled({ status: 'processing' }),
        polled({ status: 'success', imageURL: url(1), cost: 0.5 }),
      ],
      expected: { images: 1, units: { image: 1 }, reportedCost: '0.5' },
    },
    others: [
      {
        name: 'are waited for until all are there',
        input: { count: 2 },
        exchanges: [
          accepted,
          polled({ status: 'success', imageURL: url(1), cost: 0.5 }, { status: 'processing' }),
          polled(
            { status: 'success', imageURL: url(1), cost: 0.5 },
            { status: 'success', imageURL: url(2), cost: 0.25 },
          ),
        ],
        expected: { images: 2, units: { image: 2 }, reportedCost: '0.75' },
      },
      {
        name: 'outlast looks that fail for the moment',
        exchanges: [
          accepted,
          failed(500, 'serverError', 'It failed.'),
          failed(429, 'rateLimitExceeded', 'Slow down.', { 'retry-after': '5' }),
          polled({ status: 'success', imageURL: url(1), cost: 0.5 }),
        ],
        expected: { images: 1, units: { image: 1 }, reportedCost: '0.5' },
      },
    ],
    failures: [
      {
        name: 'that fail while they are waited for end the waiting',
        exchanges: [accepted, polled({ status: 'processing' }), failedIn(200, 'failedToGenerate'), accepted],
        code: 'REMOTE_FAILED',
        effect: 'unknown',
      },
      {
        name: 'are given up where the key is revoked in their midst, though the work was begun',
        exchanges: [accepted, failed(401, 'invalidApiKey', 'Invalid API key.')],
        code: 'AUTH_FAILED',
        effect: 'unknown',
      },
    ],
    unfinished: [accepted, polled({ status: 'processing' })],
  },
}

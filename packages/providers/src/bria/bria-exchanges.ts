import type { AiExchanges, Exchange, ScriptedAnswer } from '@igny8/core/testing'

function json(value: unknown, more: Omit<ScriptedAnswer, 'body'> = {}): ScriptedAnswer {
  return { ...more, body: JSON.stringify(value) }
}

const requestId = 'd290f1ee6c544b0190e6d701748f0851'

function failed(status: number, message: string, headers: Readonly<Record<string, string>> = {}) {
  const error = { code: status, message, details: 'See the documentation.' }
  return json({ error, request_id: requestId }, { status, headers })
}

const refusals: AiExchanges['refusals'] = [
  { name: 'a bad key', exchanges: [failed(401, 'Unauthorized')], code: 'AUTH_FAILED', effect: 'none' },
  {
    name: 'a plan without the right',
    exchanges: [failed(403, 'Not in your plan')],
    code: 'PERMISSION_DENIED',
    effect: 'none',
  },
  {
    name: 'a rate limit',
    exchanges: [failed(429, 'Too many requests', { 'retry-after': '7' })],
    code: 'RATE_LIMITED',
    effect: 'none',
    retryAfterMs: 7_000,
  },
  { name: 'a parameter at fault', exchanges: [failed(400, 'Bad ratio')], code: 'INVALID_INPUT', effect: 'none' },
  { name: 'a moderation', exchanges: [failed(422, 'Moderated')], code: 'CONTENT_REFUSED', effect: 'unknown' },
  { name: 'a failure of the vendor’s', exchanges: [failed(500, 'Internal')], code: 'REMOTE_FAILED', effect: 'unknown' },
]

const rest = {
  refusals,
  refuseWith: (message: string) => failed(400, message),
  testKey: { accepted: json({ status: 'NOT_FOUND' }, { status: 404 }), refused: failed(401, 'Unauthorized') },
}

const url = (number: number) => `https://d1ei2xrl63k822.cloudfront.net/api/res/${number}.png`

function firstResult(urls: readonly string[], seed: unknown = 5_656_002): ScriptedAnswer {
  return json({ result: [{ urls, seed, uuid: 'ab_1' }] })
}

const noImageYet: NonNullable<NonNullable<AiExchanges['image']>['failures']> = [
  {
    name: 'an empty list is no success',
    exchanges: [firstResult([])],
    code: 'REMOTE_MALFORMED',
    effect: 'unknown',
  },
  {
    name: 'an address that is none is no success',
    exchanges: [firstResult(['file:///etc/passwd'])],
    code: 'REMOTE_MALFORMED',
    effect: 'unknown',
  },
]

/** Version 1, which answers when the images are there. */
export const briaFirstSyncExchanges: AiExchanges = {
  ...rest,
  image: {
    model: 'bria-2.3',
    plain: { exchanges: [firstResult([url(1)])], expected: { images: 1, units: { image: 1 } } },
    others: [
      {
        name: 'come in part, with the news that the rest is missing',
        input: { count: 4, aspectRatio: '16:9', seed: 7, negativePrompt: 'blur' },
        exchanges: [firstResult([url(1), url(2)], '5656002')],
        expected: { images: 2, refused: 2, units: { image: 2 } },
      },
    ],
    failures: noImageYet,
  },
}

const onServer =
  (number: number): Exchange =>
  ({ origin }) =>
    firstResult(Array.from({ length: number }, (_, index) => `${origin}/res/${index}.png`))

/** Version 1, which tells addresses that lead nowhere yet. */
export const briaFirstAsyncExchanges: AiExchanges = {
  ...rest,
  image: {
    model: 'bria-2.3-fast',
    plain: {
      exchanges: [onServer(1), json({}, { status: 404 }), json({}, { status: 403 }), json({})],
      expected: { images: 1, units: { image: 1 } },
    },
    others: [
      {
        name: 'are waited for until all are there',
        input: { count: 2 },
        exchanges: [onServer(2), json({}, { status: 404 }), json({}), json({}, { status: 404 }), json({})],
        expected: { images: 2, units: { image: 2 } },
      },
    ],
    failures: noImageYet,
    unfinished: [onServer(1), json({}, { status: 404 })],
  },
}

const done = { image_url: url(1), seed: '1845', structured_prompt: '{}' }
const accepted: Exchange = ({ origin }) =>
  // The key must not follow it there.
  json({ request_id: requestId, status_url: `${origin}/elsewhere/${requestId}` }, { status: 202 })

function status(value: string, more: object = {}): ScriptedAnswer {
  return json({ status: value, request_id: requestId, ...more })
}

/** Version 2, which answers when the image is there. */
export const briaSecondSyncExchanges: AiExchanges = {
  ...rest,
  image: {
    model: 'bria-fibo',
    plain: {
      exchanges: [json({ result: done, request_id: requestId, warning: 'Slow.' })],
      expected: { images: 1, units: { image: 1 } },
    },
    failures: [
      {
        name: 'a result without an address is no success',
        exchanges: [json({ result: { seed: 1 }, request_id: requestId })],
        code: 'REMOTE_MALFORMED',
        effect: 'unknown',
      },
    ],
  },
}

/** Version 2, asked again and again. */
export const briaSecondAsyncExchanges: AiExchanges = {
  ...rest,
  image: {
    model: 'bria-fibo',
    plain: {
      exchanges: [accepted, status('IN_PROGRESS'), status('COMPLETED', { result: done })],
      expected: { images: 1, units: { image: 1 } },
    },
    others: [
      {
        name: 'come at once where the vendor had them',
        exchanges: [json({ result: done, request_id: requestId })],
        expected: { images: 1, units: { image: 1 } },
      },
      {
        name: 'outlast looks that fail for the moment',
        input: { quality: '4MP', width: 1920, height: 1080 },
        exchanges: [
          accepted,
          failed(503, 'Busy'),
          failed(429, 'Slow', { 'retry-after': '5' }),
          status('COMPLETED', { result: done }),
        ],
        expected: { images: 1, units: { image: 1 } },
      },
    ],
    failures: [
      {
        name: 'that fail in the midst end the waiting',
        exchanges: [
          accepted,
          status('ERROR', { error: { code: 500, message: 'Pipeline', details: '' } }),
          status('IN_PROGRESS'),
        ],
        code: 'REMOTE_FAILED',
        effect: 'unknown',
      },
      {
        name: 'that are moderated in the midst are refused',
        exchanges: [accepted, status('ERROR', { error: { code: 422, message: 'Moderated', details: '' } })],
        code: 'CONTENT_REFUSED',
        effect: 'unknown',
      },
      {
        name: 'in a state that the vendor does not know end the waiting',
        exchanges: [accepted, status('UNKNOWN'), status('IN_PROGRESS')],
        code: 'REMOTE_FAILED',
        effect: 'unknown',
      },
      {
        name: 'of a job that has expired are gone',
        exchanges: [accepted, json({ status: 'NOT_FOUND' }, { status: 404 })],
        code: 'REMOTE_NOT_FOUND',
        effect: 'unknown',
      },
      {
        name: 'are given up where the key is revoked in their midst, though the work was begun',
        exchanges: [accepted, failed(401, 'Unauthorized')],
        code: 'AUTH_FAILED',
        effect: 'unknown',
      },
    ],
    unfinished: [accepted, status('IN_PROGRESS')],
  },
}

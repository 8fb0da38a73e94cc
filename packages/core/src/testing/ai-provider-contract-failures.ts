import assert from 'node:assert/strict'
import { createSecret } from '../security/create-secret.ts'
import { type AiProviderSuite, type Operation, settles, until } from './ai-provider-contract-suite.ts'
import type { ScriptedAnswer } from './loopback-vendor.ts'

const page = '<!doctype html><html><head><title>Sign in</title></head><body>…</body></html>'
const html = { 'content-type': 'text/html; charset=utf-8' }

/** Answers with a good status that are none of the vendor's. */
const nonsense: readonly (readonly [name: string, answer: ScriptedAnswer])[] = [
  ['a web page', { headers: html, body: page }],
  ['a web page that calls itself JSON', { body: page }],
  ['nothing', { body: '' }],
  ['half an object', { body: '{"choices":[{"mess' }],
  ['null', { body: 'null' }],
  ['an empty object', { body: '{}' }],
  ['a list', { body: '[]' }],
  ['a number', { body: '7' }],
  ['fields of other types', { body: '{"data":7,"choices":"x","content":{},"result":[],"errors":0}' }],
]

/** As much as an answer with images may have. */
const mostBytes = 512 * 1024 * 1024
/** Ends a call that does not end by itself. */
const heldMs = 5_000

const badKeys = ['', ' ', 'two words', 'line\nbreak', 'header\r\nx-injected: 1', 'typographic–dash', '\u0000']

/** What goes wrong, on every operation. */
export function aiProviderFailuresContract({ describe, test, exchanges }: AiProviderSuite): void {
  describe('failures', () => {
    /** Runs on each operation in turn. */
    function onEach(
      name: string,
      run: (given: Parameters<Parameters<typeof test>[1]>[0], operation: Operation) => Promise<void>,
    ) {
      test(name, async (given) => {
        assert.ok(given.operations.length > 0, 'the provider does nothing')
        for (const operation of given.operations) await run(given, operation)
      })
    }

    for (const { name, exchanges: scripted, code, effect, retryAfterMs } of exchanges.refusals)
      onEach(`${name} is ${code}`, async ({ server, failure }, { run }) => {
        server.script(scripted)
        const error = await failure(run)
        assert.deepEqual([error.code, error.effect, error.retryAfterMs], [code, effect, retryAfterMs])
      })

    for (const [name, answer] of nonsense)
      onEach(`${name} is no success`, async ({ server, failure }, { name: operation, run }) => {
        server.script([answer])
        const error = await failure(run)
        assert.deepEqual([error.code, error.effect], ['REMOTE_MALFORMED', 'unknown'], `${operation}: ${error.message}`)
      })

    onEach(
      'a web page with 502 is a failure of the vendor’s that may have done the work',
      async ({ server, failure }, { run }) => {
        server.script([{ status: 502, headers: html, body: page }])
        const error = await failure(run)
        assert.deepEqual([error.code, error.effect, error.retryable], ['REMOTE_FAILED', 'unknown', true])
      },
    )

    onEach('a failed request is sent once', async ({ server, failure }, { run }) => {
      const before = server.received.length
      server.script([{ status: 500, body: '{}' }])
      await failure(run)
      server.script([{ status: 503, headers: { 'retry-after': '0' }, body: '{}' }])
      await failure(run)
      assert.equal(server.received.length - before, 2)
    })

    onEach('a redirect is not followed', async ({ server, failure }, { run }) => {
      const before = server.received.length
      server.script([{ status: 307, headers: { location: `${server.origin}/elsewhere` }, body: '' }])
      assert.equal((await failure(run)).code, 'REDIRECT_REFUSED')
      assert.equal(server.received.length - before, 1)
    })

    onEach('an answer that does not stop is left', async ({ server, failure, sent }, { exchanges: scripted, run }) => {
      server.script(scripted)
      await run()
      const most = Math.max(...sent.map(({ maxBytes = 0 }) => maxBytes))
      assert.ok(most <= mostBytes, `answers of ${most} bytes are read`)
      const before = server.leftEarly()
      server.script([{ body: '' }], { kind: 'endless' })
      const error = await failure(run)
      assert.deepEqual([error.code, error.effect], ['ANSWER_TOO_LARGE', 'unknown'])
      await until(() => server.leftEarly() > before, 'the connection is closed')
    })

    onEach('a deadline ends a call that is not answered', async (given, { exchanges: scripted, run }) => {
      const { server, failure, sent } = given
      server.script(scripted)
      await run({ timeoutMs: 60_000 })
      for (const { timeoutMs } of sent) assert.ok(timeoutMs !== undefined && timeoutMs <= 60_000)
      server.script(scripted, { kind: 'held', bytes: 1 })
      const error = await failure(() => run({ timeoutMs: 60 }))
      assert.deepEqual([error.code, error.effect], ['TIMEOUT', 'unknown'])
    })

    onEach(
      'a call that is cancelled in its midst closes the connection',
      async ({ server, failure }, { exchanges: scripted, run }) => {
        const [received, left] = [server.received.length, server.leftEarly()]
        server.script(scripted, { kind: 'held', bytes: 1 })
        const abort = new AbortController()
        const cancelled = failure(() => run({ signal: abort.signal, timeoutMs: heldMs }))
        await until(() => server.received.length > received, 'the request arrives')
        abort.abort()
        const error = await settles(cancelled, 'the call ends')
        assert.deepEqual([error.code, error.effect], ['CANCELLED', 'unknown'])
        await until(() => server.leftEarly() > left, 'the connection is closed')
      },
    )

    onEach('a call that was cancelled before it began sends nothing', async ({ server, failure }, { run }) => {
      const before = server.received.length
      const error = await failure(() => run({ signal: AbortSignal.abort() }))
      assert.deepEqual([error.code, error.effect], ['CANCELLED', 'none'])
      assert.equal(server.received.length, before)
    })

    onEach('a key that cannot be sent is refused before anything is', async ({ server, failure }, { run }) => {
      const before = server.received.length
      for (const key of badKeys) {
        const error = await failure(() => run({ apiKey: createSecret(key) }))
        assert.deepEqual([error.code, error.effect], ['INVALID_INPUT', 'none'])
      }
      assert.equal(server.received.length, before)
    })

    onEach('the key travels in a header and nowhere else', async ({ server, key }, { exchanges: scripted, run }) => {
      server.script(scripted)
      await run()
      const request = server.received.at(0)
      assert.ok(Object.values(request?.headers ?? {}).some((value) => String(value).includes(key)))
      for (const { path, body } of server.received) assert.equal(`${path}${body}`.includes(key), false)
    })

    onEach(
      'a vendor that repeats the key does not bring it into the error',
      async ({ server, failure, key }, { run }) => {
        for (const status of [400, 401, 403, 500]) {
          const answer = exchanges.refuseWith(`Bad key ${key}, given as Bearer ${key}`)
          server.script([{ ...answer, status, headers: { ...answer.headers, 'x-echo': key } }])
          // `failure` searches for it.
          await failure(run)
        }
      },
    )
  })

  describe('testKey', () => {
    test('accepts a good key', async ({ provider, server, call }) => {
      server.script([exchanges.testKey.accepted])
      await provider.testKey(call())
      assert.equal(server.received.length, 1)
    })

    test('refuses a bad one', async ({ provider, server, call, failure }) => {
      server.script([exchanges.testKey.refused])
      assert.equal((await failure(() => provider.testKey(call()))).code, 'AUTH_FAILED')
    })

    test('takes neither a web page nor a failure for an answer', async ({ provider, server, call, failure }) => {
      server.script([{ headers: html, body: page }])
      assert.equal((await failure(() => provider.testKey(call()))).code, 'REMOTE_MALFORMED')
      server.script([{ status: 500, body: '{}' }])
      assert.equal((await failure(() => provider.testKey(call()))).code, 'REMOTE_FAILED')
    })
  })
}

import assert from 'node:assert/strict'
import { sniffImage } from '../adapter-kit/sniff-image.ts'
import type { GenerateImageInput } from '../ports/ai-provider.ts'
import {
  type AiProviderCase,
  type AiProviderSuite,
  type ExpectedImages,
  settles,
  until,
} from './ai-provider-contract-suite.ts'
import type { Exchange } from './loopback-vendor.ts'

/** Images, at once and by polling. */
export function aiProviderImagesContract({ describe, test, exchanges }: AiProviderSuite): void {
  const { image } = exchanges
  if (image === undefined) return

  describe('images', () => {
    test('come as bytes or addresses, with units', async (given) => {
      await draws(given, image.plain.exchanges, image.plain.expected)
    })

    for (const { name, input, exchanges, expected } of image.others ?? [])
      test(name, async (given) => draws(given, exchanges, expected, input))

    for (const { name, exchanges, code, effect } of image.failures ?? [])
      test(name, async (given) => {
        given.server.script(exchanges)
        const error = await given.failure(async () => given.provider.image?.generate(given.imageInput(), given.call()))
        assert.deepEqual([error.code, error.effect], [code, effect])
      })

    test('are refused before anything is sent where they are impossible', async (given) => {
      const { provider, server, call, imageInput } = given
      const impossible: readonly Partial<GenerateImageInput>[] = [
        { prompt: '' },
        { prompt: ' \n' },
        { width: 1024 },
        { width: 0, height: 0 },
        { width: 1.5, height: 1024 },
        { width: -1024, height: -1024 },
        { width: 7, height: 100_000 },
        { width: 1024, height: 1024, aspectRatio: '1:1' },
        { aspectRatio: 'wide' },
        { aspectRatio: '0:1' },
        { aspectRatio: '1000:1' },
        { count: 0 },
        { count: 1.5 },
        { count: 1_000 },
        { seed: -1 },
        { seed: 0.5 },
      ]
      for (const overrides of impossible) {
        const error = await given.failure(async () => provider.image?.generate(imageInput(overrides), call()))
        assert.deepEqual([error.code, error.effect], ['INVALID_INPUT', 'none'], JSON.stringify(overrides))
      }
      assert.equal(server.received.length, 0)
    })

    const { unfinished } = image
    if (unfinished === undefined) return

    test('are waited for within the deadline', async (given) => {
      given.server.script(unfinished)
      const run = async () => given.provider.image?.generate(given.imageInput(), given.call({ timeoutMs: 20_000 }))
      const error = await given.failure(run)
      assert.deepEqual([error.code, error.effect], ['TIMEOUT', 'unknown'])
      const submits = given.server.received.filter(({ path, body }) => path + body === firstOf(given))
      assert.equal(submits.length, 1, 'the work was submitted twice')
      assert.ok(given.server.received.length > 2 && given.server.received.length < 200)
    })

    test(
      'are waited for until the call is cancelled',
      async (given) => {
        const { server, clock, provider } = given
        server.script(unfinished)
        const abort = new AbortController()
        const cancelled = given.failure(async () =>
          provider.image?.generate(given.imageInput(), given.call({ signal: abort.signal })),
        )
        await until(() => clock.pending() > 0, 'the provider waits')
        abort.abort()
        const error = await settles(cancelled, 'the call ends')
        assert.deepEqual([error.code, error.effect, clock.pending()], ['CANCELLED', 'unknown', 0])
      },
      { movesClock: false },
    )
  })
}

async function draws(
  given: AiProviderCase,
  exchanges: readonly Exchange[],
  expected: ExpectedImages,
  input?: Partial<GenerateImageInput>,
): Promise<void> {
  given.server.script(exchanges)
  const result = await given.provider.image?.generate(given.imageInput(input), given.call())
  assert.ok(result)
  const { images, refused, units, reportedCost } = result
  assert.deepEqual(
    { images: images.length, refused: refused.length, units: { ...units }, reportedCost },
    { refused: 0, reportedCost: null, ...expected },
  )
  for (const image of images)
    if (image.kind === 'bytes') assert.ok(sniffImage(image.bytes).width > 0)
    else assert.ok(URL.canParse(image.url))
}

function firstOf({ server }: AiProviderCase): string {
  const [first] = server.received
  return `${first?.path}${first?.body}`
}

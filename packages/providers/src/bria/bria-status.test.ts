import type { HttpRequest } from '@igny8/core'
import { createFakeClock } from '@igny8/core/testing'
import { expect, it } from 'vitest'
import { buildSecret } from '../build-secret.ts'
import { createBriaProvider } from './bria-provider.ts'

const apiKey = buildSecret('key-1')

/** Draws with Bria, which answers with these, and says what it was asked for. */
async function draw(...answers: readonly object[]) {
  const asked: HttpRequest[] = []
  const http = {
    async request(request: HttpRequest) {
      asked.push(request)
      const text = JSON.stringify(answers[asked.length - 1])
      const status = asked.length === 1 ? 202 : 200
      return { status, headers: new Headers(), url: request.url, body: Buffer.from(text), text: () => text }
    },
    close: async () => {},
  }
  const provider = createBriaProvider({ clock: createFakeClock({ autoAdvance: true }) })
  const model = provider.models.find(({ id }) => id === 'bria-fibo')
  if (model === undefined) throw new Error('no model')
  const end = await provider.image
    ?.generate({ model, prompt: 'Fog' }, { apiKey, http })
    .catch((error: unknown) => error)
  return { end, asked: asked.map(({ url }) => url) }
}

it('asks for the status where the vendor is, not where an answer says, so that the key stays there', async () => {
  const { end, asked } = await draw(
    { request_id: 'abc', status_url: 'https://evil.example/v2/status/abc' },
    { status: 'COMPLETED', result: { image_url: 'https://cdn.example/1.png', seed: 7 } },
  )
  expect(asked).toEqual([
    'https://engine.prod.bria-api.com/v2/image/generate',
    'https://engine.prod.bria-api.com/v2/status/abc',
  ])
  expect(end).toMatchObject({ images: [{ kind: 'url', url: 'https://cdn.example/1.png', seed: 7 }] })
})

it.each(['../../v1/other', 'abc?key=1', 'abc/../..', '', 'x'.repeat(101)])(
  'asks for nothing by an id that is more than one: %s',
  async (request_id) => {
    const { end, asked } = await draw({ request_id })
    expect(end).toMatchObject({ code: 'REMOTE_MALFORMED', effect: 'unknown' })
    expect(asked).toHaveLength(1)
  },
)

import type { HttpRequest } from '@igny8/core'
import { createFakeClock } from '@igny8/core/testing'
import { expect, it } from 'vitest'
import { buildSecret } from '../build-secret.ts'
import { createBriaProvider } from './bria-provider.ts'

const apiKey = buildSecret('key-1')

it('asks for the status where the vendor is, not where an answer says, so that the key stays there', async () => {
  const answers = [
    { request_id: 'abc', status_url: 'https://evil.example/v2/status/abc' },
    { status: 'COMPLETED', result: { image_url: 'https://cdn.example/1.png', seed: 7 } },
  ]
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
  const result = await provider.image?.generate({ model, prompt: 'Fog' }, { apiKey, http })
  expect(asked.map(({ url }) => url)).toEqual([
    'https://engine.prod.bria-api.com/v2/image/generate',
    'https://engine.prod.bria-api.com/v2/status/abc',
  ])
  expect(result?.images).toEqual([{ kind: 'url', url: 'https://cdn.example/1.png', seed: 7 }])
})

import type { AiProvider, HttpRequest } from '@igny8/core'
import { Igny8Error } from '@igny8/core/adapter-kit'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { createAnthropicProvider } from './anthropic/anthropic-provider.ts'
import { buildSecret } from './build-secret.ts'
import { createOpenAIProvider } from './openai/openai-provider.ts'

const apiKey = buildSecret('the-key')

/** What reaches our HTTP client; nothing leaves. */
async function requestOf(provider: AiProvider): Promise<HttpRequest> {
  const sent: HttpRequest[] = []
  const request = (asked: HttpRequest) => {
    sent.push(asked)
    return Promise.reject(new Igny8Error({ code: 'CANCELLED', message: 'Nothing leaves.' }))
  }
  const [model] = provider.models
  if (model === undefined) throw new Error('no model')
  const input = { model, messages: [{ role: 'user', content: 'Hi' }] } as const
  await provider.text?.generate(input, { apiKey, http: { request, close: async () => {} } }).catch(() => undefined)
  const [first] = sent
  if (first === undefined || sent.length > 1) throw new Error(`${sent.length} requests`)
  return first
}

afterEach(() => {
  vi.unstubAllEnvs()
})

describe.each([
  ['OpenAI', createOpenAIProvider, 'https://api.openai.com/v1/chat/completions', ['accept', 'content-type']],
  [
    'Anthropic',
    createAnthropicProvider,
    'https://api.anthropic.com/v1/messages',
    ['accept', 'anthropic-version', 'content-type'],
  ],
] as const)('the SDK of %s', (_name, create, url, headers) => {
  it('sends the headers that the vendor needs, and neither a key of its own nor news of this machine', async () => {
    const request = await requestOf(create())
    expect([request.url, Object.keys(request.headers ?? {}).sort()]).toEqual([url, headers])
    expect(JSON.stringify(request)).not.toContain('the-key')
    expect(JSON.stringify(request)).not.toContain('held-by-the-host')
    const secret = request.authorization?.secret ?? request.secretHeaders?.['x-api-key']
    expect(secret?.reveal()).toBe('the-key')
  })

  it('takes nothing from the environment', async () => {
    const names = ['BASE_URL', 'ORG_ID', 'PROJECT_ID', 'API_KEY', 'AUTH_TOKEN', 'ADMIN_KEY', 'LOG']
    for (const name of names)
      for (const vendor of ['OPENAI', 'ANTHROPIC']) vi.stubEnv(`${vendor}_${name}`, 'https://elsewhere.example/')
    for (const vendor of ['OPENAI', 'ANTHROPIC']) vi.stubEnv(`${vendor}_CUSTOM_HEADERS`, 'x-planted: 1')
    const request = await requestOf(create())
    expect([request.url, Object.keys(request.headers ?? {}).sort()]).toEqual([url, headers])
    expect(JSON.stringify(request)).not.toContain('elsewhere')
  })

  it('repeats nothing, waits for no other call and has its own deadline', async () => {
    expect(await requestOf(create())).toMatchObject({ attempts: 1, politeness: 'none', timeoutMs: 120_000 })
  })
})

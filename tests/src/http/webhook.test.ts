import { Webhook } from 'standardwebhooks'
import { describe, expect, it, vi } from 'vitest'
import { createApiUnderTest } from './api-under-test.ts'

const path = 'http://api.example/api/v1/integration/webhook/fake/'

async function prepare() {
  const api = await createApiUnderTest()
  const { webhookSecret, integrationId } = await api.fill('alice')
  let id = 0
  function sign(payload: string, secret = webhookSecret): Record<string, string> {
    const now = api.clock.now()
    const name = `delivery-${++id}`
    return {
      'webhook-id': name,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
      'webhook-signature': new Webhook(secret).sign(name, now, payload),
    }
  }
  const deliver = async (
    body: string | ReadableStream<Uint8Array>,
    headers: Record<string, string> = {},
    clientAddress = '203.0.113.7',
  ) => {
    const response = await api.handle(
      new Request(path, { method: 'POST', body, headers, duplex: 'half' } as RequestInit),
      {
        clientAddress,
      },
    )
    return { status: response.status, headers: response.headers, text: await response.text() }
  }
  const payload = (url: string, postId = 5) =>
    JSON.stringify({ action: 'post_updated', post_id: postId, post_type: 'post', site_url: url })
  const dirty = () => api.storage.forAccount('alice').webhooks.listDirty(integrationId, 10)
  return { api, deliver, sign, payload, dirty, integrationId, ours: payload(api.platform.url) }
}

describe('The webhook endpoint', () => {
  it('takes a signed delivery over its raw bytes, durable before the answer, and the same one once', async () => {
    const { deliver, sign, ours, api } = await prepare()
    const spaced = ours.replace('{', '{  ')
    const headers = sign(spaced)
    api.writes.length = 0
    const first = await deliver(spaced, headers)
    expect([first.status, first.text]).toEqual([202, ''])
    expect(api.writes).toContain('alice webhooks.record')
    expect((await deliver(spaced, headers)).status).toBe(202)
  })

  it('says the same of a wrong signature, of a site that nobody has, and of a platform that is not there', async () => {
    const { deliver, sign, payload, ours, dirty } = await prepare()
    const wrong = `whsec_${Buffer.alloc(32, 9).toString('base64')}`
    const elsewhere = payload('https://nobody.example')
    const answers = [await deliver(ours, sign(ours, wrong)), await deliver(elsewhere, sign(elsewhere, wrong))]
    const comparable = answers.map(({ status, headers, text }) => [
      status,
      [...headers].filter(([name]) => name !== 'x-request-id'),
      text.replace(/"request_id":"[^"]+"/, ''),
    ])
    expect(comparable[0]).toEqual(comparable[1])
    expect(answers[0]?.status).toBe(401)
    expect(await dirty()).toEqual([])
  })

  it('answers 202 without a signature, whether anybody listens or not', async () => {
    const { deliver, payload, ours, dirty } = await prepare()
    for (const body of [ours, payload('https://nobody.example')]) expect((await deliver(body)).status).toBe(202)
    expect(await dirty()).toEqual([])
  })

  it('stops reading at 64 KiB, whatever the length that was announced', async () => {
    const { deliver } = await prepare()
    let pulled = 0
    const endless = new ReadableStream<Uint8Array>({
      pull(controller) {
        pulled++
        controller.enqueue(new Uint8Array(16 * 1_024))
      },
    })
    expect((await deliver(endless)).status).toBe(413)
    expect(pulled).toBeLessThan(20)
    expect((await deliver('{}', { 'content-length': '70000' })).status).toBe(413)
  })

  it('is 429 with Retry-After for a flood from one address, and open to others', async () => {
    const { deliver, payload, api } = await prepare()
    const statuses = new Set<number>()
    for (let number = 0; number < 650; number++) {
      const { status, headers } = await deliver(payload(`https://site-${number}.example`))
      statuses.add(status)
      if (status === 429) expect(Number(headers.get('retry-after'))).toBeGreaterThan(0)
    }
    expect([...statuses]).toEqual([202, 429])
    const pull = vi.fn()
    const unread = new ReadableStream<Uint8Array>({ pull }, { highWaterMark: 0 })
    expect((await deliver(unread)).status).toBe(429)
    expect(pull).not.toHaveBeenCalled()
    expect((await deliver(payload('https://quiet.example'), {}, '198.51.100.1')).status).toBe(202)
    await api.clock.advance(1_000)
    expect((await deliver(payload('https://quiet.example'))).status).toBe(202)
  })

  it.each(['signed', 'unsigned'])(
    'works at few %s ones of a site at once, so that another site passes a burst',
    async (kind) => {
      const { api, deliver, sign, payload, ours, integrationId } = await prepare()
      const bob = await api.fill('bob')
      const ended: string[] = []
      async function send(who: string): Promise<void> {
        const named = who === 'bob' ? bob : { integrationId, webhookSecret: undefined }
        const body = kind === 'signed' ? ours : payload(`https://${who}.example`)
        const headers = { ...sign(body, named.webhookSecret), 'x-igny8-integration': named.integrationId }
        const { status } = await deliver(body, kind === 'signed' ? headers : {})
        if (status === 202) ended.push(who)
      }
      await Promise.all([...Array.from({ length: 40 }, () => send('alice')), send('bob')])
      expect(ended).toHaveLength(41)
      expect(ended.indexOf('bob')).toBeLessThan(20)
    },
  )

  it('does not read the body of what its headers refuse: half of them, a time long past, a named site that comes too often', async () => {
    const { deliver, sign, ours, api, integrationId } = await prepare()
    const pull = vi.fn()
    const unread = () => new ReadableStream<Uint8Array>({ pull }, { highWaterMark: 0 })
    expect((await deliver(unread(), { 'webhook-id': 'only' })).status).toBe(400)
    const old = sign(ours)
    await api.clock.advance(301_000)
    expect((await deliver(unread(), old)).status).toBe(401)
    const named = () => ({ ...sign(ours), 'x-igny8-integration': integrationId })
    for (let number = 0; number < 600; number++) await deliver('nonsense', named(), `203.0.113.${number % 200}`)
    const refused = await deliver(unread(), named(), '203.0.113.201')
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '1'])
    expect(pull).not.toHaveBeenCalled()
  })

  it('is 401 for a body that takes longer than its time is good for', async () => {
    const { deliver, sign, ours, api, dirty } = await prepare()
    const slow = new ReadableStream<Uint8Array>({
      async pull(controller) {
        await api.clock.advance(301_000)
        controller.enqueue(new TextEncoder().encode(ours))
        controller.close()
      },
    })
    expect((await deliver(slow, sign(ours))).status).toBe(401)
    expect(await dirty()).toEqual([])
  })

  it('is 400 for what cannot be read', async () => {
    const { deliver } = await prepare()
    expect((await deliver('nonsense')).status).toBe(400)
    expect((await deliver('{}', { 'webhook-id': 'only' })).status).toBe(400)
  })
})

import { Webhook } from 'standardwebhooks'
import { describe, expect, it } from 'vitest'
import { connectToFakePlatform } from './connected-account.ts'

/** A connected site whose plugin signs with the reference library. */
async function withReference() {
  const world = await connectToFakePlatform()
  const { secret } = await world.account.connections.createWebhookSecret({ integrationId: world.integration.id })
  const reference = new Webhook(secret)
  function deliver(id: string, body: string, changes: Readonly<Record<string, string>> = {}) {
    const now = world.clock.now()
    const headers = {
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
      'webhook-signature': reference.sign(id, now, body),
      ...changes,
    }
    return world.igny8.webhooks.receive({ platform: 'fake', body: Buffer.from(body), headers })
  }
  const payload = { action: 'post_updated', post_id: 1, post_type: 'post', site_url: world.platform.url }
  return { ...world, secret, reference, deliver, payload }
}

describe('webhooks signed by the reference library of Standard Webhooks', () => {
  it.each([
    ['plain', {}],
    ['in many scripts', { title: 'Straße — שלום — 👩🏽‍🚀 \u0000' }],
    ['large', { body: 'x'.repeat(60_000) }],
  ])('are believed: %s', async (name, members) => {
    const { deliver, payload } = await withReference()
    const body = JSON.stringify({ ...payload, ...members }, null, 2)
    expect(await deliver(`msg_${name.length}`, body)).toEqual({ status: 202 })
    expect(await deliver(`msg_${name.length}`, `${body} `, { 'webhook-signature': 'v1,AAAA' })).toEqual({ status: 401 })
  })

  it('are believed beside signatures of other keys and versions', async () => {
    const { deliver, payload, reference, clock } = await withReference()
    const body = JSON.stringify(payload)
    const other = new Webhook(`whsec_${Buffer.alloc(32, 1).toString('base64')}`).sign('msg_1', clock.now(), body)
    const signature = `v1a,${'A'.repeat(86)}== ${other} ${reference.sign('msg_1', clock.now(), body)}`
    expect(await deliver('msg_1', body, { 'webhook-signature': signature })).toEqual({ status: 202 })
    expect(await deliver('msg_1', body, { 'webhook-signature': other })).toEqual({ status: 401 })
  })

  it('are refused with times that the library reads leniently, and with headers that it reads at any length', async () => {
    const { deliver, payload, reference, clock } = await withReference()
    const body = JSON.stringify(payload)
    const seconds = Math.floor(clock.now().getTime() / 1_000)
    for (const timestamp of [`${seconds}abc`, `+${seconds}`, ` ${seconds}`, `${seconds}.5`])
      expect(await deliver('msg_1', body, { 'webhook-timestamp': timestamp }), timestamp).toEqual({ status: 400 })
    const long = `${'v1,A '.repeat(16)}${reference.sign('msg_1', clock.now(), body)}`
    expect(await deliver('msg_1', body, { 'webhook-signature': long })).toEqual({ status: 400 })
  })
})

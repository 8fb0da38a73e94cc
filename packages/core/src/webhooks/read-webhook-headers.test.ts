import { describe, expect, it } from 'vitest'
import { readWebhookHeaders } from './read-webhook-headers.ts'

const signature = `v1,${Buffer.alloc(32, 7).toString('base64')}`
const valid = { 'webhook-id': 'msg_1', 'webhook-timestamp': '1614265330', 'webhook-signature': signature }
const read = {
  kind: 'signed',
  id: 'msg_1',
  timestamp: '1614265330',
  signatures: [Buffer.alloc(32, 7)],
  integrationId: undefined,
}

describe('the headers of a webhook', () => {
  it('are read from a record, in any case, and from Headers', () => {
    expect(readWebhookHeaders({ ...valid, host: 'example.com' })).toEqual(read)
    expect(readWebhookHeaders(new Headers(valid))).toEqual(read)
    const shouted = Object.fromEntries(Object.entries(valid).map(([name, value]) => [name.toUpperCase(), value]))
    expect(readWebhookHeaders(shouted)).toEqual(read)
  })

  it('may name the integration', () => {
    const integrationId = '0199e000-0000-7000-80a2-000000000001'
    expect(readWebhookHeaders({ ...valid, 'X-Igny8-Integration': integrationId })).toEqual({ ...read, integrationId })
  })

  it('are unsigned only where none of the three is there', () => {
    expect(readWebhookHeaders({})).toEqual({ kind: 'unsigned' })
    expect(readWebhookHeaders({ 'webhook-id': undefined, 'x-igny8-integration': '?' })).toEqual({ kind: 'unsigned' })
    for (const name of Object.keys(valid))
      expect(readWebhookHeaders({ ...valid, [name]: undefined }), name).toEqual({ kind: 'malformed' })
    expect(readWebhookHeaders({ 'webhook-signature': '' })).toEqual({ kind: 'malformed' })
  })

  it('may carry sixteen signatures, of which those of version 1 count', () => {
    const many = (count: number) => Array.from({ length: count }, () => signature).join(' ')
    expect(readWebhookHeaders({ ...valid, 'webhook-signature': many(16) })).toMatchObject({
      signatures: Array.from({ length: 16 }, () => Buffer.alloc(32, 7)),
    })
    expect(readWebhookHeaders({ ...valid, 'webhook-signature': many(17) })).toEqual({ kind: 'malformed' })
    expect(readWebhookHeaders({ ...valid, 'webhook-signature': `v1a,${'A'.repeat(86)}== ${signature} v1, x` })).toEqual(
      read,
    )
    expect(readWebhookHeaders({ ...valid, 'webhook-signature': 'none' })).toMatchObject({ signatures: [] })
  })

  it.each([
    ['a timestamp with letters behind', { 'webhook-timestamp': '1614265330abc' }],
    ['a timestamp with a sign', { 'webhook-timestamp': '+1614265330' }],
    ['a negative timestamp', { 'webhook-timestamp': '-1614265330' }],
    ['a timestamp with a fraction', { 'webhook-timestamp': '1614265330.5' }],
    ['a timestamp in another notation', { 'webhook-timestamp': '0x6037b7f2' }],
    ['a timestamp of 13 digits', { 'webhook-timestamp': '1614265330000' }],
    ['a timestamp with a line break', { 'webhook-timestamp': '1614265330\n' }],
    ['digits of another script', { 'webhook-timestamp': '١٦١٤٢٦٥٣٣٠' }],
    ['no timestamp in it', { 'webhook-timestamp': '' }],
    ['an id with a full stop, which would shift what is signed', { 'webhook-id': 'msg.1614265330' }],
    ['an id with a line break', { 'webhook-id': 'msg\nforged' }],
    ['an id that is too long', { 'webhook-id': 'm'.repeat(129) }],
    ['an empty id', { 'webhook-id': '' }],
    ['a signature header that is too long', { 'webhook-signature': `v1,${'A'.repeat(2_046)}` }],
    ['an integration that is no id', { 'x-igny8-integration': "' or 1=1" }],
    ['a header that came twice', { 'Webhook-Id': 'msg_2' }],
    ['a header that is no text', { 'webhook-id': ['msg_1', 'msg_2'] as unknown as string }],
  ])('are malformed with %s', (_name, changes) => {
    expect(readWebhookHeaders({ ...valid, ...changes })).toEqual({ kind: 'malformed' })
  })
})

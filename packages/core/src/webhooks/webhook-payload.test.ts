import { describe, expect, it } from 'vitest'
import { parseWebhookPayload, readClaimedSiteUrl } from './webhook-payload.ts'

const payload = { action: 'post_updated', post_id: 123, post_type: 'post', site_url: 'https://example.com' }
const bytes = (value: unknown) => Buffer.from(typeof value === 'string' ? value : JSON.stringify(value))
const parse = (changes: object) => parseWebhookPayload(bytes({ ...payload, ...changes }))
const hint = { action: 'post_updated', externalId: '123', externalType: 'post', siteUrl: 'https://example.com' }

describe('the payload', () => {
  it('of the specification is understood', () => {
    expect(parse({})).toEqual(hint)
  })

  it.each(['post_created', 'post_deleted', 'status_changed'])('may tell of %s', (action) => {
    expect(parse({ action })).toEqual({ ...hint, action })
  })

  it('of an action that we do not know counts as an update, and nothing of its name is kept', () => {
    expect(parse({ action: 'post_<script>' })).toEqual(hint)
  })

  it('may have more members, of which nothing is kept', () => {
    expect(parse({ accountId: 'acct_2', status: 'published', post: { title: 'x' } })).toEqual(hint)
    expect(parseWebhookPayload(bytes(`{"__proto__":{"post_id":9},${JSON.stringify(payload).slice(1)}`))).toEqual(hint)
    expect(({} as { post_id?: number }).post_id).toBeUndefined()
  })

  it.each([
    ['a numeric text', '123', '123'],
    ['a text with zeros in front', '000123', '123'],
    ['a large number', 9_007_199_254_740_991, '9007199254740991'],
  ])('may have %s for the id', (_name, id, externalId) => {
    expect(parse({ post_id: id })).toEqual({ ...hint, externalId })
  })

  it.each([0, -1, 1.5, 1e21, '', '0', '-1', '1e3', '0x1f', ' 1', '1'.repeat(21), '../1', null, true, [], {}])(
    'with the id %j is refused',
    (id) => {
      expect(parse({ post_id: id })).toBeUndefined()
    },
  )

  it.each([undefined, null, 'Post Type!', 'x'.repeat(65), 7, {}])('with the type %j has none', (type) => {
    expect(parse({ post_type: type })).toEqual({ ...hint, externalType: null })
  })

  it.each([
    ['no member', {}],
    ['no JSON', '{'],
    ['nothing', ''],
    ['a list', [payload]],
    ['null', 'null'],
    ['no address', { ...payload, site_url: undefined }],
    ['an address that is too long', { ...payload, site_url: `https://${'x'.repeat(2_000)}` }],
    ['no action', { ...payload, action: 7 }],
  ])('with %s is refused', (_name, body) => {
    expect(parseWebhookPayload(bytes(body))).toBeUndefined()
  })

  it('that is no UTF-8 is refused', () => {
    const text = JSON.stringify({ ...payload, title: '?' })
    expect(parseWebhookPayload(bytes(text))).toEqual(hint)
    expect(parseWebhookPayload(Buffer.from(text.replace('?', '\xff'), 'latin1'))).toBeUndefined()
  })

  it('nested as deep as it can be is refused, and ends nothing', () => {
    expect(parseWebhookPayload(Buffer.alloc(65_536, '['))).toBeUndefined()
    expect(readClaimedSiteUrl(Buffer.from(`${'['.repeat(32_768)}${']'.repeat(32_768)}`))).toBeUndefined()
  })
})

describe('the site that a body claims to be from', () => {
  it('is the own member at the top, whatever else is wrong', () => {
    expect(readClaimedSiteUrl(bytes({ site_url: 'https://example.com', post_id: {} }))).toBe('https://example.com')
    expect(readClaimedSiteUrl(bytes({ inner: { site_url: 'https://example.com' } }))).toBeUndefined()
    expect(readClaimedSiteUrl(bytes('{"__proto__":{"site_url":"https://example.com"}}'))).toBeUndefined()
  })

  it('is never taken from what objects inherit', () => {
    Object.defineProperty(Object.prototype, 'site_url', { value: 'https://example.com', configurable: true })
    try {
      expect(readClaimedSiteUrl(bytes({}))).toBeUndefined()
    } finally {
      Reflect.deleteProperty(Object.prototype, 'site_url')
    }
  })

  it.each([
    { site_url: 7 },
    { site_url: '' },
    { site_url: 'x'.repeat(2_001) },
    [],
    'null',
    '"https://example.com"',
    '{',
  ])('is nothing in %j', (body) => {
    expect(readClaimedSiteUrl(bytes(body))).toBeUndefined()
  })
})

import { describe, expect, it } from 'vitest'
import { createOutboundPolicy, type Lookup } from './outbound-policy.ts'

const found =
  (...addresses: string[]): Lookup =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))
const noLookup: Lookup = () => Promise.reject(new Error('must not be asked'))

function policy(options: { allow?: readonly string[]; lookup?: Lookup } = {}) {
  return createOutboundPolicy({ allow: [], lookup: noLookup, ...options })
}

describe('checkUrl', () => {
  it.each([
    'https://site.example/wp-json/?a=1',
    'http://site.example/',
    'https://site.example:443/',
    'http://site.example:80/',
  ])('lets %s pass', (url) => {
    expect(policy().checkUrl(url, false).href).toBe(URL.parse(url)?.href)
  })

  it.each([
    ['no URL', 'site.example', false],
    ['no URL with a scheme', 'https://', false],
    ['a file', 'file:///etc/passwd', false],
    ['another scheme', 'ftp://site.example/', false],
    ['a data URL', 'data:text/plain,a', false],
    ['a script', 'javascript:alert(1)', false],
    ['a user name', 'https://user@site.example/', false],
    ['a password', 'https://:pass@site.example/', false],
    ['another port', 'https://site.example:8443/', false],
    ['the port of the other scheme', 'http://site.example:443/', false],
    ['credentials over plain http', 'http://site.example/', true],
  ])('refuses %s', (_what, url, withCredentials) => {
    expect(() => policy().checkUrl(url, withCredentials)).toThrow(expect.objectContaining({ code: 'OUTBOUND_REFUSED' }))
  })

  it('never repeats a password of the address', () => {
    expect(() => policy().checkUrl('https://user:hunter2@site.example/', false)).toThrow(
      expect.objectContaining({
        message: expect.not.stringContaining('hunter2'),
        hint: expect.not.stringContaining('hunter2'),
      }),
    )
  })

  it('lets an allowed origin have its port and credentials over http, and no other origin', () => {
    const { checkUrl } = policy({ allow: ['http://localhost:8080'] })
    expect(checkUrl('http://LOCALHOST:8080/wp-json', true).port).toBe('8080')
    for (const other of ['http://localhost:8081/', 'https://localhost:8080/', 'http://localhost.evil.example:8080/'])
      expect(() => checkUrl(other, true)).toThrow(expect.objectContaining({ code: 'OUTBOUND_REFUSED' }))
  })

  it('refuses a password in the address also for an allowed origin', () => {
    const { checkUrl } = policy({ allow: ['http://localhost:8080'] })
    expect(() => checkUrl('http://a:b@localhost:8080/', false)).toThrow(
      expect.objectContaining({ code: 'OUTBOUND_REFUSED' }),
    )
  })

  it('names the line to add', () => {
    expect(() => policy().checkUrl('http://localhost:8080/path?token=s3cret', false)).toThrow(
      expect.objectContaining({ hint: expect.stringContaining("outbound: { allow: ['http://localhost:8080'] }") }),
    )
  })
})

describe('resolve', () => {
  it('gives every address of a public host', async () => {
    const { resolve } = policy({ lookup: found('8.8.8.8', '2606:4700:4700::1111') })
    expect((await resolve(new URL('https://site.example/'))).map(({ address }) => address)).toEqual([
      '8.8.8.8',
      '2606:4700:4700::1111',
    ])
  })

  it.each([
    [['10.0.0.1']],
    [['8.8.8.8', '10.0.0.1']],
    [['2606:4700:4700::1111', '::1']],
    [['8.8.8.8', '::ffff:127.0.0.1']],
    [['fe80::1%eth0']],
    [['not an address']],
  ])('refuses a host with the addresses %j', async (addresses) => {
    await expect(
      policy({ lookup: found(...addresses) }).resolve(new URL('https://site.example/')),
    ).rejects.toMatchObject({ code: 'OUTBOUND_REFUSED' })
  })

  it.each([
    'http://127.1/',
    'http://0177.0.0.1/',
    'http://0x7f000001/',
    'http://2130706433/',
    'http://017700000001/',
    'http://%31%32%37.0.0.1/',
    'http://①②⑦.⓪.⓪.①/',
    'http://127.0.0.1./',
    'http://[::]/',
    'http://[::ffff:127.0.0.1]/',
    'http://[0:0:0:0:0:ffff:7f00:1]/',
    'http://[fd00:ec2::254]/',
  ])('refuses the literal in %s without asking the resolver', async (url) => {
    await expect(policy().resolve(new URL(url))).rejects.toMatchObject({ code: 'OUTBOUND_REFUSED' })
  })

  it.each(['http://8.8.8.8/', 'http://[2606:4700:4700::1111]/'])('takes the public literal in %s', async (url) => {
    expect(await policy().resolve(new URL(url))).toHaveLength(1)
  })

  it('takes what an allowed origin resolves to, and only under that origin', async () => {
    const { resolve } = policy({ allow: ['http://intranet.example'], lookup: found('10.0.0.1') })
    expect(await resolve(new URL('http://intranet.example/'))).toEqual([{ address: '10.0.0.1', family: 4 }])
    await expect(resolve(new URL('https://intranet.example/'))).rejects.toMatchObject({ code: 'OUTBOUND_REFUSED' })
  })

  it.each([
    ['ENOTFOUND', false],
    ['EAI_AGAIN', true],
    ['ESERVFAIL', true],
    [undefined, false],
  ])('says of a look-up that ends with %s whether another may succeed', async (code, retryable) => {
    const lookup: Lookup = () => Promise.reject(Object.assign(new Error('no'), { code }))
    await expect(policy({ lookup }).resolve(new URL('https://site.example/'))).rejects.toMatchObject({
      code: 'HOST_NOT_FOUND',
      retryable,
      effect: 'none',
    })
  })

  it('takes no address for no host', async () => {
    await expect(policy({ lookup: found() }).resolve(new URL('https://site.example/'))).rejects.toMatchObject({
      code: 'HOST_NOT_FOUND',
    })
  })
})

describe('outbound.allow', () => {
  it.each(['localhost:8080', 'http://localhost/path', 'http://localhost/?a', '*', '', 'file:///'])(
    'refuses %j, which is no origin',
    (origin) => {
      expect(() => policy({ allow: [origin] })).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
    },
  )
})

import { execFile } from 'node:child_process'
import { generateKeyPairSync, sign } from 'node:crypto'
import { createServer, type Server } from 'node:http'
import { createServer as createHttpsServer } from 'node:https'
import type { AddressInfo } from 'node:net'
import { getCACertificates, setDefaultCACertificates } from 'node:tls'
import { pathToFileURL } from 'node:url'
import { promisify } from 'node:util'
import { afterEach, describe, expect, it } from 'vitest'
import { createFakeClock } from '../testing/create-fake-clock.ts'
import { createSeededRandom } from '../testing/create-seeded-random.ts'
import { createHttpClient } from './create-http-client.ts'
import type { Lookup } from './outbound-policy.ts'
import { createSilentLogger } from './silent-logger.ts'

const servers: Server[] = []

afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections()
    server.close()
  }
})

async function listen(server: Server, host = '127.0.0.1'): Promise<number> {
  servers.push(server)
  await new Promise<void>((resolve) => server.listen(0, host, resolve))
  return (server.address() as AddressInfo).port
}

const found =
  (...addresses: string[]): Lookup =>
  async () =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }))

function createClient(allow: readonly string[], lookup: Lookup = found('127.0.0.1')) {
  const clock = createFakeClock()
  return createHttpClient({ clock, random: createSeededRandom(1), logger: createSilentLogger(), allow, lookup })
}

describe('connections', () => {
  it('are used again for the next request, and were checked when they were made', async () => {
    let sockets = 0
    let lookups = 0
    const server = createServer((_request, answer) => void answer.end('ok'))
    server.on('connection', () => sockets++)
    const origin = `http://site.test:${await listen(server)}`
    const http = createClient([origin], async (host) => {
      lookups++
      return found('127.0.0.1')(host)
    })
    for (let count = 0; count < 20; count++) await http.request({ method: 'GET', url: `${origin}/${count}` })
    // The second request may find the first one's connection not quite free yet.
    expect(sockets).toBeLessThanOrEqual(2)
    expect(lookups).toBe(sockets)
    await http.close()
    await expect.poll(() => new Promise((resolve) => server.getConnections((_error, open) => resolve(open)))).toBe(0)
  })

  it('go to the address that was checked, whatever the resolver says next, under the name of the host', async () => {
    const port = await listen(createServer((request, answer) => void answer.end(request.headers.host)))
    const origin = `http://site.test:${port}`
    const answers = ['127.0.0.1', '127.9.9.9']
    const http = createClient([origin], async () => [{ address: answers.shift() ?? '', family: 4 }])
    const response = await http.request({ method: 'GET', url: `${origin}/` })
    expect([response.text(), answers]).toEqual([`site.test:${port}`, ['127.9.9.9']])
  })

  it('are checked anew each, so that a host cannot move inside between two', async () => {
    const port = await listen(
      createServer((_request, answer) => void answer.setHeader('connection', 'close').end('ok')),
    )
    const { createPinnedDispatcher } = await import('./pinned-dispatcher.ts')
    const answers = [[{ address: '127.0.0.1', family: 4 }]]
    const dispatcher = await createPinnedDispatcher({
      checkUrl: (url) => new URL(url),
      async resolve() {
        const next = answers.shift()
        if (next === undefined) throw new Error('moved inside')
        return next
      },
    })
    const request = () => dispatcher.request({ origin: `http://site.test:${port}`, path: '/', method: 'GET' })
    await (await request()).body.text()
    await expect(request()).rejects.toThrow('moved inside')
    await dispatcher.close()
  })

  it('try the next address when one does not answer', async () => {
    const origin = `http://site.test:${await listen(createServer((_request, answer) => void answer.end('ok')))}`
    const http = createClient([origin], found('127.0.0.2', '::1', '127.0.0.1'))
    expect((await http.request({ method: 'GET', url: `${origin}/`, attempts: 1 })).text()).toBe('ok')
  })

  it('go to literals of both families', async () => {
    const server = createServer((_request, answer) => void answer.end('ok'))
    const origin = `http://[::1]:${await listen(server, '::1')}`
    expect((await createClient([origin]).request({ method: 'GET', url: `${origin}/` })).text()).toBe('ok')
  })

  it('pass over the proxy that the environment names', async () => {
    let proxied = 0
    const proxy = createServer((_request, answer) => void answer.end('proxy'))
    proxy.on('connection', () => proxied++)
    proxy.on('connect', (_request, socket) => void socket.end('HTTP/1.1 403 Forbidden\r\n\r\n'))
    const proxyUrl = `http://127.0.0.1:${await listen(proxy)}`
    const origin = `http://127.0.0.1:${await listen(createServer((_request, answer) => void answer.end('site')))}`
    const script = `
      import { createHttpClient } from ${JSON.stringify(pathToFileURL(`${import.meta.dirname}/create-http-client.ts`))}
      const plain = await fetch('${origin}').then((answer) => answer.text(), () => 'proxy')
      const nothing = () => undefined
      const http = createHttpClient({ allow: ['${origin}'], logger: { debug: nothing }, clock: { now: () => new Date(), wait: async () => undefined } })
      const ours = (await http.request({ method: 'GET', url: '${origin}', attempts: 1 })).text()
      await http.close()
      process.stdout.write(plain + ' ' + ours)
      process.exit()`
    const env = { NODE_USE_ENV_PROXY: '1', HTTP_PROXY: proxyUrl, http_proxy: proxyUrl, ALL_PROXY: proxyUrl }
    const { stdout } = await promisify(execFile)(process.execPath, ['--input-type=module', '-e', script], { env })
    expect([stdout, proxied]).toEqual(['proxy site', 1])
  })
})

describe('certificates', () => {
  const { privateKey, publicKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const key = privateKey.export({ type: 'pkcs8', format: 'pem' })

  /** Tag, length and content of ASN.1. */
  function der(tag: number, ...parts: readonly Uint8Array[]): Buffer {
    const content = Buffer.concat(parts)
    const long = content.length > 255 ? [0x82, content.length >> 8, content.length & 0xff] : [0x81, content.length]
    return Buffer.concat([Buffer.from([tag, ...(content.length > 127 ? long : [content.length])]), content])
  }

  /** Signed by itself, for one host name: X.509 at its shortest. */
  function selfSigned(hostname: string): string {
    const algorithm = der(0x30, Buffer.from('06082a8648ce3d040302', 'hex'))
    const name = der(0x30, der(0x31, der(0x30, Buffer.from('0603550403', 'hex'), der(0x0c, Buffer.from(hostname)))))
    const validity = der(0x30, der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('490101000000Z')))
    const hosts = der(0x30, der(0x82, Buffer.from(hostname)))
    const extension = der(0x30, Buffer.from('0603551d11', 'hex'), der(0x04, hosts))
    const body = der(
      0x30,
      Buffer.from('a003020102020101', 'hex'),
      algorithm,
      name,
      validity,
      name,
      publicKey.export({ type: 'spki', format: 'der' }),
      der(0xa3, der(0x30, extension)),
    )
    const bytes = der(0x30, body, algorithm, der(0x03, Buffer.from([0]), sign('sha256', body, privateKey)))
    return `-----BEGIN CERTIFICATE-----\n${bytes.toString('base64')}\n-----END CERTIFICATE-----\n`
  }

  const cert = selfSigned('site.test')

  async function listenSecurely(seen: unknown[]): Promise<number> {
    const SNICallback = (name: string, done: (error: null) => void) => {
      seen.push(name)
      done(null)
    }
    const server = createHttpsServer({ key, cert, SNICallback }, (_request, answer) => void answer.end('ok'))
    server.on('request', () => seen.push('a request'))
    return listen(server)
  }

  it('have to be trusted before anything is sent', async () => {
    const seen: unknown[] = []
    const origin = `https://site.test:${await listenSecurely(seen)}`
    await expect(
      createClient([origin]).request({ method: 'POST', url: `${origin}/`, body: 'secret' }),
    ).rejects.toMatchObject({ code: 'TLS_FAILED', effect: 'none', retryable: false })
    expect(seen).not.toContain('a request')
  })

  it('have to be of the host that was asked for, not of the address it has', async () => {
    const before = getCACertificates()
    setDefaultCACertificates([cert])
    try {
      const seen: unknown[] = []
      const port = await listenSecurely(seen)
      const [right, wrong, literal] = [
        `https://site.test:${port}`,
        `https://other.test:${port}`,
        `https://127.0.0.1:${port}`,
      ]
      const http = createClient([right, wrong, literal])
      expect((await http.request({ method: 'GET', url: `${right}/` })).text()).toBe('ok')
      expect(seen).toEqual(['site.test', 'a request'])
      for (const url of [wrong, literal])
        await expect(http.request({ method: 'GET', url })).rejects.toMatchObject({
          code: 'TLS_FAILED',
          details: { systemCode: 'ERR_TLS_CERT_ALTNAME_INVALID' },
        })
      // A literal is not named in the handshake.
      expect(seen.slice(2)).toEqual(['other.test'])
    } finally {
      setDefaultCACertificates(before)
    }
  })

  it('are missing where the server speaks plain http', async () => {
    const origin = `https://site.test:${await listen(createServer())}`
    await expect(createClient([origin]).request({ method: 'GET', url: `${origin}/` })).rejects.toMatchObject({
      code: 'TLS_FAILED',
    })
  })
})

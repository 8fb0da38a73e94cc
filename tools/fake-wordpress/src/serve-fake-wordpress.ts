import { createServer, type IncomingMessage } from 'node:http'
import type { FakeWordPress } from './create-fake-wordpress.ts'

export interface ServedFakeWordPress {
  /** Such as `http://127.0.0.1:40123`, which becomes the site's address. */
  readonly url: string
  stop(): Promise<void>
}

/** Serves a fake on a port of 127.0.0.1, for clients that run in processes of their own. */
export async function serveFakeWordPress(site: FakeWordPress, port = 0): Promise<ServedFakeWordPress> {
  const server = createServer((incoming, outgoing) => {
    readAll(incoming).then(
      (body) => {
        const headers = Object.fromEntries(
          Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
        )
        const url = `${site.url}${incoming.url ?? '/'}`
        const response = site.handle({ method: incoming.method ?? 'GET', url, headers, body })
        outgoing.writeHead(response.status, { ...response.headers, 'content-length': response.body.length })
        outgoing.end(response.body)
      },
      () => outgoing.destroy(),
    )
  })
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, '127.0.0.1', resolve)
  })
  const address = server.address()
  const url = `http://127.0.0.1:${typeof address === 'object' && address !== null ? address.port : port}`
  site.people.changeSettings({ url })
  return {
    url,
    async stop() {
      server.closeAllConnections()
      await new Promise<void>((resolve) => server.close(() => resolve()))
    },
  }
}

async function readAll(incoming: IncomingMessage): Promise<Uint8Array> {
  const chunks: Buffer[] = []
  for await (const chunk of incoming) chunks.push(chunk as Buffer)
  return Buffer.concat(chunks)
}

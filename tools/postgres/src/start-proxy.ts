import { connect, createServer, type Socket } from 'node:net'

/** What the proxy does to a connection when its client sends a text. */
export type ProxyFault =
  /** Both ends break before the server has heard of it. */
  | 'cut before'
  /** The server hears of it and answers; the answer is lost with the connection. */
  | 'cut after'
  /** Nothing goes through any more, and nobody is told. */
  | 'silence'
  /** The server hears of it; its answer never arrives, and the connection stays. */
  | 'deaf'

/** A connection to a PostgreSQL that breaks on demand. */
export interface FaultyProxy {
  readonly port: number
  /** Breaks the next connection whose client sends a message that holds `text`, once. */
  arm(text: string, fault: ProxyFault): void
  /** Faults carried out so far. */
  readonly carriedOut: () => number
  /** Resolves when the armed fault was carried out. */
  carried(): Promise<void>
  stop(): Promise<void>
}

/** Starts a proxy on 127.0.0.1 in front of a server there. */
export async function startProxy(serverPort: number): Promise<FaultyProxy> {
  const sockets = new Set<Socket>()
  let armed: { readonly text: string; readonly fault: ProxyFault } | undefined
  let count = 0
  let tell = (): void => undefined
  let carried = Promise.resolve()

  const listener = createServer((client) => {
    const server = connect(serverPort, '127.0.0.1')
    let isCut = false
    let isDeaf = false
    let isSilent = false
    for (const socket of [client, server]) {
      sockets.add(socket)
      socket.on('error', () => undefined)
      socket.on('close', () => sockets.delete(socket))
    }
    client.on('close', () => server.destroy())
    server.on('close', () => {
      if (!isSilent && !isDeaf) client.destroy()
    })
    client.on('data', (chunk) => {
      if (isSilent) return
      if (armed !== undefined && chunk.includes(armed.text)) {
        const { fault } = armed
        armed = undefined
        count++
        tell()
        if (fault === 'cut before') {
          client.destroy()
          server.destroy()
          return
        }
        isCut = fault === 'cut after'
        isSilent = fault === 'silence'
        isDeaf = fault === 'deaf'
        if (isSilent) return
      }
      server.write(chunk)
    })
    server.on('data', (chunk) => {
      if (isSilent || isDeaf) return
      if (isCut) {
        client.destroy()
        server.destroy()
      } else client.write(chunk)
    })
  })
  await new Promise<void>((resolve) => {
    listener.listen(0, '127.0.0.1', resolve)
  })
  const address = listener.address()
  if (address === null || typeof address === 'string') throw new Error('The proxy has no port.')
  return {
    port: address.port,
    arm(text, fault) {
      armed = { text, fault }
      carried = new Promise((resolve) => {
        tell = resolve
      })
    },
    carriedOut: () => count,
    carried: () => carried,
    async stop() {
      for (const socket of sockets) socket.destroy()
      await new Promise((resolve) => {
        listener.close(resolve)
      })
    },
  }
}

import { once } from 'node:events'
import { createHost } from './create-host.ts'
import { createLogger } from './create-logger.ts'
import { connectDemo, startDemoSite } from './demo.ts'
import { readConfiguration } from './read-configuration.ts'

const drainMs = 20_000

const configuration = await readConfiguration(process.env)
const logger = createLogger(configuration.logLevel)
const stopping = new AbortController()
for (const signal of ['SIGTERM', 'SIGINT'] as const) process.once(signal, () => stopping.abort())

const { app, start } = createHost(configuration, logger)

// Listening comes first: a second process on the same folder and port ends here, before it opens the database.
const server = app.listen(configuration.port, '127.0.0.1')
await once(server, 'listening')
const starting = configuration.isDemo ? startDemoSite(stopping.signal) : Promise.resolve(undefined)
const host = await start(starting.then((site) => (site === undefined ? [] : [site.url])))
const site = await starting
const api = `http://127.0.0.1:${configuration.port}/api/v1`
console.log(`API        ${api}/docs/`)
if (site !== undefined) {
  const { key, integrationId } = await connectDemo(host, site)
  console.log(`WordPress  ${site.url} (${site.users.admin.username}, ${site.users.admin.password})`)
  console.log(`API key    ${key}`)
  console.log(`Try        curl -H 'Authorization: Bearer ${key}' ${api}/integration/${integrationId}/sync_health/`)
}

if (!stopping.signal.aborted) await once(stopping.signal, 'abort')
logger.info('stopping')
server.close()
server.closeIdleConnections()
await host.stop(drainMs)
server.closeAllConnections()
await site?.stop()

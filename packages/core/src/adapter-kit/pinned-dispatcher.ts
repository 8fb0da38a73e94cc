import type { buildConnector } from 'undici'
import type { OutboundPolicy } from './outbound-policy.ts'

/**
 * Connections that go only to addresses the policy has checked: resolved once per connection and pinned, literals included, so that an
 * answer which changes between check and use has no effect. Proxy variables of the environment are not read.
 */
export async function createPinnedDispatcher(policy: OutboundPolicy) {
  const undici = await import('undici')
  const connect = undici.buildConnector({ timeout: 10_000 })
  const pinned: buildConnector.connector = (options, callback) => {
    const scheme = options.protocol === 'https:' ? 'https' : 'http'
    const url = new URL(`${scheme}://${options.host ?? options.hostname}`)
    policy.resolve(url).then(
      (addresses) =>
        connectToFirst(
          connect,
          options,
          addresses.map(({ address }) => address),
          callback,
        ),
      (error: Error) => callback(error, null),
    )
  }
  return new undici.Agent({
    connect: pinned,
    keepAliveTimeout: 10_000,
    headersTimeout: 0,
    bodyTimeout: 0,
    connections: 16,
  })
}

function connectToFirst(
  connect: buildConnector.connector,
  options: buildConnector.Options,
  addresses: readonly string[],
  callback: buildConnector.Callback,
): void {
  const [address, ...others] = addresses
  if (address === undefined) {
    callback(new Error('no address'), null)
    return
  }
  // The certificate stays that of the host: undici takes its name from `options`.
  connect({ ...options, hostname: address }, (...result) => {
    if (result[0] !== null && others.length > 0) connectToFirst(connect, options, others, callback)
    else callback(...result)
  })
}

import { isIPv4 } from 'node:net'
import ipaddr from 'ipaddr.js'

/** The bucket of a client address. Whoever has one IPv6 address has the whole /64, and must not have as many buckets. */
export function clientKey(address: string): string {
  // As servers have nearly all of them: what is read here is not read twice, which a flood would pay for.
  const plain = address.startsWith(mapped) ? address.slice(mapped.length) : address
  if (isIPv4(plain)) return plain
  if (!ipaddr.isValid(address)) return address.slice(0, 100)
  const parsed = ipaddr.process(address)
  return 'parts' in parsed ? parsed.parts.slice(0, 4).join(':') : parsed.toString()
}

/** How a socket that listens for both versions writes version 4. */
const mapped = '::ffff:'

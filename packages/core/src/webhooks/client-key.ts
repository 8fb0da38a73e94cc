import ipaddr from 'ipaddr.js'

/** The bucket of a client address. Whoever has one IPv6 address has the whole /64, and must not have as many buckets. */
export function clientKey(address: string): string {
  if (!ipaddr.isValid(address)) return address.slice(0, 100)
  const parsed = ipaddr.process(address)
  return 'parts' in parsed ? parsed.parts.slice(0, 4).join(':') : parsed.toString()
}

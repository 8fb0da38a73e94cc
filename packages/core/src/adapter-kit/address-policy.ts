import { isIP } from 'node:net'
import ipaddr from 'ipaddr.js'

/** Public in form, but answered by the machine's own platform: Azure's wire server. */
const platformAddresses = new Set(['168.63.129.16'])

/** Whether an address may be talked to: public unicast only; everything special, and everything that embeds another, is not. */
export function isPublicAddress(address: string): boolean {
  // Strict: ipaddr.js also reads octal, hexadecimal and shortened forms, which others read differently.
  if (isIP(address) === 0 || address.includes('%')) return false
  const parsed = ipaddr.process(address)
  if (parsed.range() !== 'unicast') return false
  if (parsed.kind() === 'ipv4') return !platformAddresses.has(parsed.toString())
  const bytes = parsed.toByteArray()
  const isatap = (bytes[8] === 0 || bytes[8] === 2) && bytes[9] === 0 && bytes[10] === 0x5e && bytes[11] === 0xfe
  const global = ((bytes[0] ?? 0) & 0xe0) === 0x20
  return global && !isatap
}

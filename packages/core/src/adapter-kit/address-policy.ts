import ipaddr from 'ipaddr.js'

/** Ranges that ipaddr.js counts as unicast, although they carry an IPv4 address that may be private. */
const embeddingRanges = ['64:ff9b::/96', '64:ff9b:1::/48', '2002::/16', '2001::/32'].map((range) =>
  ipaddr.parseCIDR(range),
)

/** Whether an address may be talked to: public unicast only; everything special, and everything that embeds another, is not. */
export function isPublicAddress(address: string): boolean {
  if (!ipaddr.isValid(address) || address.includes('%')) return false
  const parsed = ipaddr.process(address)
  if (parsed.range() !== 'unicast') return false
  if (parsed.kind() === 'ipv4') return true
  if (embeddingRanges.some((range) => parsed.match(range))) return false
  const bytes = parsed.toByteArray()
  const isatap = (bytes[8] === 0 || bytes[8] === 2) && bytes[9] === 0 && bytes[10] === 0x5e && bytes[11] === 0xfe
  const global = ((bytes[0] ?? 0) & 0xe0) === 0x20
  return global && !isatap
}

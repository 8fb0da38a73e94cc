import { describe, expect, it } from 'vitest'
import { createSeededRandom } from '../testing/create-seeded-random.ts'
import { createOutboundPolicy } from './outbound-policy.ts'

// Every special range × every spelling that a URL may give an address, from a table of our own: which address is special is told by bits here, not by the library that
// the policy asks.

/** The special-purpose registries of IANA, and what clouds answer on. */
const special4: Readonly<Record<string, readonly string[]>> = {
  'this network': ['0.0.0.0/8'],
  loopback: ['127.0.0.0/8'],
  private: ['10.0.0.0/8', '172.16.0.0/12', '192.168.0.0/16'],
  'link-local': ['169.254.0.0/16'],
  'carrier-grade NAT': ['100.64.0.0/10'],
  'protocol assignments': ['192.0.0.0/24', '192.31.196.0/24', '192.52.193.0/24', '192.175.48.0/24'],
  documentation: ['192.0.2.0/24', '198.51.100.0/24', '203.0.113.0/24'],
  '6to4 relays': ['192.88.99.0/24'],
  benchmarks: ['198.18.0.0/15'],
  multicast: ['224.0.0.0/4'],
  'reserved and broadcast': ['240.0.0.0/4'],
  'wire server of Azure': ['168.63.129.16/32'],
}

const special6: Readonly<Record<string, readonly string[]>> = {
  'unspecified and loopback': ['::/127'],
  'IPv4 compatible': ['::/96'],
  'IPv4 translated': ['::ffff:0:0:0/96'],
  NAT64: ['64:ff9b::/96', '64:ff9b:1::/48'],
  'discard only': ['100::/64', '100:0:0:1::/64'],
  'protocol assignments, with Teredo, benchmarks and ORCHID': ['2001::/23'],
  documentation: ['2001:db8::/32', '3fff::/20'],
  '6to4': ['2002::/16'],
  'name servers of AS112': ['2620:4f:8000::/48'],
  'segment routing': ['5f00::/16'],
  'unique local': ['fc00::/7'],
  'link-local': ['fe80::/10'],
  'site-local': ['fec0::/10'],
  multicast: ['ff00::/8'],
  'not given out': ['4000::/3', '6000::/3', '8000::/3', 'a000::/3', 'c000::/3', 'e000::/4'],
}

interface Range {
  readonly first: bigint
  readonly last: bigint
}

const read4 = (text: string): bigint => text.split('.').reduce((sum, part) => sum * 256n + BigInt(part), 0n)

function read6(text: string): bigint {
  const [head = '', tail] = text.split('::')
  const groupsOf = (part: string) => (part === '' ? [] : part.split(':'))
  const [left, right] = [groupsOf(head), groupsOf(tail ?? '')]
  const zeros = tail === undefined ? [] : Array<string>(8 - left.length - right.length).fill('0')
  return [...left, ...zeros, ...right].reduce((sum, group) => sum * 65_536n + BigInt(`0x${group}`), 0n)
}

function rangesOf(table: Readonly<Record<string, readonly string[]>>, width: 32 | 128): [string, Range][] {
  const read = width === 32 ? read4 : read6
  return Object.entries(table).flatMap(([name, list]) =>
    list.map((text): [string, Range] => {
      const [address = '', bits = ''] = text.split('/')
      const size = 1n << BigInt(width - Number(bits))
      return [`${name} ${text}`, { first: read(address), last: read(address) + size - 1n }]
    }),
  )
}

const ranges4 = rangesOf(special4, 32)
const ranges6 = rangesOf(special6, 128)
const isIn = (ranges: readonly [string, Range][], value: bigint) =>
  ranges.some(([, { first, last }]) => first <= value && value <= last)
const isIsatap = (value: bigint) => ((value >> 32n) & 0xfdff_ffffn) === 0x5efen
const isSpecial4 = (value: bigint) => isIn(ranges4, value)
const isSpecial6 = (value: bigint) => isIn(ranges6, value) || isIsatap(value) || value >> 125n !== 1n

const random = createSeededRandom(7)
const pick = ({ first, last }: Range): bigint => {
  const value = BigInt(`0x${Buffer.from(random.bytes(16)).toString('hex')}`)
  return first + (value % (last - first + 1n))
}

const samples = (range: Range) => [
  ...new Set([range.first, range.last, ...Array.from({ length: 4 }, () => pick(range))]),
]

const bytesOf = (value: bigint) => [24n, 16n, 8n, 0n].map((shift) => Number((value >> shift) & 255n))
const dotted = (value: bigint) => bytesOf(value).join('.')
const hex = (value: bigint, digits: number) => value.toString(16).padStart(digits, '0')
const groups = (value: bigint) => Array.from({ length: 8 }, (_, at) => (value >> BigInt(112 - 16 * at)) & 0xffffn)
const replaceDigits = (text: string, digits: string) => text.replace(/\d/g, (digit) => [...digits][Number(digit)] ?? '')

/** How a browser, a resolver or a tired programmer may write an IPv4 address. */
const spellings4: Readonly<Record<string, (value: bigint) => string>> = {
  dotted,
  'decimal number': String,
  'octal number': (value) => `0${value.toString(8)}`,
  'hexadecimal number': (value) => `0x${value.toString(16)}`,
  'octal parts': (value) =>
    bytesOf(value)
      .map((byte) => `0${byte.toString(8)}`)
      .join('.'),
  'octal parts with more zeros': (value) =>
    bytesOf(value)
      .map((byte) => `0000${byte.toString(8)}`)
      .join('.'),
  'hexadecimal parts': (value) =>
    bytesOf(value)
      .map((byte) => `0X${byte.toString(16)}`)
      .join('.'),
  'mixed parts': (value) => {
    const [a = 0, b = 0, c = 0, d = 0] = bytesOf(value)
    return `0x${a.toString(16)}.0${b.toString(8)}.${c}.0x${d.toString(16)}`
  },
  'two parts': (value) => `${value >> 24n}.${value & 0xff_ffffn}`,
  'three parts': (value) => `${value >> 24n}.${(value >> 16n) & 255n}.0x${(value & 0xffffn).toString(16)}`,
  'a trailing dot': (value) => `${dotted(value)}.`,
  'a number with a trailing dot': (value) => `${value}.`,
  'fullwidth digits and stops': (value) => replaceDigits(dotted(value), '０１２３４５６７８９').replaceAll('.', '．'),
  'ideographic stops': (value) => dotted(value).replaceAll('.', '。'),
  'digits in circles': (value) => replaceDigits(dotted(value), '⓪①②③④⑤⑥⑦⑧⑨'),
  'digits of mathematics': (value) => replaceDigits(dotted(value), '𝟘𝟙𝟚𝟛𝟜𝟝𝟞𝟟𝟠𝟡'),
  'percent signs': (value) => dotted(value).replace(/./g, (sign) => `%${hex(BigInt(sign.charCodeAt(0)), 2)}`),
  'a soft hyphen': (value) => `\u00ad${dotted(value)}`,
}

/** Addresses of IPv6 that lead to one of IPv4, or that stacks read as one. */
const embeddings: Readonly<Record<string, (value: bigint) => string>> = {
  mapped: (value) => `[::ffff:${dotted(value)}]`,
  'mapped, in hexadecimal': (value) => `[0:0:0:0:0:FFFF:${hex(value >> 16n, 4)}:${hex(value & 0xffffn, 4)}]`,
}

const wrappings: typeof embeddings = {
  compatible: (value) => `[::${dotted(value)}]`,
  translated: (value) => `[::ffff:0:${dotted(value)}]`,
  NAT64: (value) => `[64:ff9b::${dotted(value)}]`,
  'local NAT64': (value) => `[64:ff9b:1::${dotted(value)}]`,
  '6to4': (value) => `[2002:${hex(value >> 16n, 4)}:${hex(value & 0xffffn, 4)}::1]`,
  'Teredo server': (value) => `[2001:0:${hex(value >> 16n, 4)}:${hex(value & 0xffffn, 4)}:8000::1]`,
  'Teredo client': (value) => `[2001::8000:f227:${hex((~value >> 16n) & 0xffffn, 4)}:${hex(~value & 0xffffn, 4)}]`,
  ISATAP: (value) => `[2a00:1450::5efe:${dotted(value)}]`,
  'ISATAP, universal': (value) => `[2a00:1450::200:5efe:${dotted(value)}]`,
}

const spellings6: Readonly<Record<string, (value: bigint) => string>> = {
  plain: (value) =>
    `[${groups(value)
      .map((group) => group.toString(16))
      .join(':')}]`,
  full: (value) =>
    `[${groups(value)
      .map((group) => hex(group, 4).toUpperCase())
      .join(':')}]`,
  shortened: (value) => new URL(`http://${spellings6.plain?.(value)}/`).host,
  'dotted at its end': (value) =>
    `[${groups(value)
      .slice(0, 6)
      .map((group) => group.toString(16))
      .join(':')}:${dotted(value & 0xffff_ffffn)}]`,
}

const zoned: typeof spellings6 = {
  'a zone': (value) => spellings6.plain?.(value).replace(']', '%25eth0]') ?? '',
  'a zone as it is': (value) => spellings6.plain?.(value).replace(']', '%1]') ?? '',
}

/** What becomes of a host: the address that would be talked to, or who said no. */
async function ask(host: string): Promise<string> {
  let lookedUp = false
  const policy = createOutboundPolicy({
    allow: [],
    lookup: async () => {
      lookedUp = true
      return []
    },
  })
  try {
    const [found] = await policy.resolve(policy.checkUrl(`https://${host}/`, true))
    return found?.address ?? 'nothing'
  } catch (error) {
    // A host that is taken for a name may mean anything to the next resolver.
    return lookedUp ? 'looked up' : (error as { code: string }).code
  }
}

/** As many as come from a name server, which gives addresses in a form of its own. */
async function askByName(address: string): Promise<string> {
  const lookup = async () => [{ address, family: address.includes(':') ? 6 : 4 }]
  const policy = createOutboundPolicy({ allow: [], lookup })
  return policy.resolve(new URL('https://site.example/')).then(
    () => 'passes',
    (error: { code: string }) => error.code,
  )
}

async function listOutcomes(
  values: readonly bigint[],
  spellings: Readonly<Record<string, (value: bigint) => string>>,
): Promise<Record<string, string>> {
  const outcomes: Record<string, string> = {}
  for (const value of values)
    for (const [name, spell] of Object.entries(spellings))
      outcomes[`${name}: ${spell(value)}`] = await ask(spell(value))
  return outcomes
}

const except = (outcomes: Record<string, string>, expected: string) =>
  Object.entries(outcomes).filter(([, outcome]) => outcome !== expected)

describe('An address that is not public', () => {
  it.each(ranges4)('of IPv4, %s, is refused however it is written', async (_name, range) => {
    const values = samples(range)
    const outcomes = await listOutcomes(values, { ...spellings4, ...embeddings, ...wrappings })
    expect(Object.keys(outcomes).length).toBeGreaterThan(25)
    expect(except(outcomes, 'OUTBOUND_REFUSED')).toEqual([])
    for (const value of values) expect(await askByName(dotted(value))).toBe('OUTBOUND_REFUSED')
  })

  it.each(ranges6)('of IPv6, %s, is refused however it is written', async (_name, range) => {
    const values = samples(range)
    expect(except(await listOutcomes(values, { ...spellings6, ...zoned }), 'OUTBOUND_REFUSED')).toEqual([])
    for (const value of values) {
      const address = spellings6.plain?.(value).slice(1, -1) ?? ''
      for (const told of [address, `${address}%eth0`]) expect(await askByName(told)).toBe('OUTBOUND_REFUSED')
    }
  })
})

describe('A public address', () => {
  const edges = (ranges: readonly [string, Range][]) => ranges.flatMap(([, { first, last }]) => [first - 1n, last + 1n])
  const many = (width: 32 | 128, count: number) =>
    Array.from({ length: count }, () =>
      width === 32 ? pick({ first: 0n, last: 0xffff_ffffn }) : pick({ first: 1n << 125n, last: (1n << 126n) - 1n }),
    )
  const public4 = [...edges(ranges4), ...many(32, 300)].filter(
    (value) => value >= 0n && value <= 0xffff_ffffn && !isSpecial4(value),
  )
  const public6 = [...edges(ranges6), ...many(128, 300)].filter(
    (value) => value >= 0n && value < 1n << 128n && !isSpecial6(value),
  )

  it('of IPv4 passes however it is written, at the edges of what is special too', async () => {
    expect(public4.length).toBeGreaterThan(200)
    for (const value of public4) {
      expect(except(await listOutcomes([value], spellings4), dotted(value))).toEqual([])
      expect(except(await listOutcomes([value], wrappings), 'OUTBOUND_REFUSED')).toEqual([])
      for (const outcome of Object.values(await listOutcomes([value], embeddings))) expect(outcome).toMatch(/^::ffff:/)
      expect(await askByName(dotted(value))).toBe('passes')
    }
  })

  it('of IPv6 passes however it is written, at the edges of what is special too', async () => {
    expect(public6.length).toBeGreaterThan(200)
    for (const value of public6) {
      expect(except(await listOutcomes([value], spellings6), spellings6.shortened?.(value).slice(1, -1) ?? '')).toEqual(
        [],
      )
      expect(await askByName(spellings6.plain?.(value).slice(1, -1) ?? '')).toBe('passes')
    }
  })
})

import { describe, expect, it } from 'vitest'
import { isPublicAddress } from './address-policy.ts'

const refused: Readonly<Record<string, readonly string[]>> = {
  'this host': ['0.0.0.0', '0.1.2.3', '::'],
  loopback: ['127.0.0.1', '127.255.255.254', '::1'],
  'private networks': ['10.0.0.1', '172.16.0.1', '172.31.255.255', '192.168.1.1'],
  'unique local': ['fc00::1', 'fd12:3456::1'],
  'site-local': ['fec0::1'],
  'link-local': ['169.254.0.1', 'fe80::1', 'febf::1'],
  'carrier-grade NAT': ['100.64.0.1', '100.127.255.255'],
  'cloud metadata': ['169.254.169.254', 'fd00:ec2::254', '100.100.100.200', '192.0.0.192', '168.63.129.16'],
  'multicast and broadcast': ['224.0.0.1', '239.255.255.255', 'ff02::1', '255.255.255.255'],
  documentation: ['192.0.2.1', '198.51.100.1', '203.0.113.1', '2001:db8::1', '3fff::1'],
  'benchmarks, protocols and reserved': ['198.18.0.1', '192.0.0.1', '192.88.99.1', '240.0.0.1', '2001:2::1', '100::1'],
  'IPv4 mapped into IPv6': ['::ffff:10.0.0.1', '::ffff:7f00:1', '0:0:0:0:0:ffff:a9fe:a9fe', '::ffff:168.63.129.16'],
  'IPv4 compatible and translated': ['::10.0.0.1', '::7f00:1', '::ffff:0:10.0.0.1'],
  NAT64: ['64:ff9b::10.0.0.1', '64:ff9b::808:808', '64:ff9b:1::a00:1'],
  '6to4': ['2002:a00:1::', '2002:808:808::1'],
  Teredo: ['2001:0:4136:e378:8000:63bf:3fff:fdd2', '2001::1'],
  ISATAP: ['2a00:1450::5efe:10.0.0.1', '2a00:1450::200:5efe:a00:1'],
  'outside of global unicast': ['4000::1', '8000::1', 'e000::1', '200::1', '5f00::1'],
  'a zone': ['fe80::1%eth0', '2a00:1450:4001::1%1'],
  'another notation': ['0x8.8.8.8', '010.8.8.8', '8.8.2056', '134744072', '[2a00:1450:4001::1]', '8.8.8.8 ', '8.8.8'],
  'no address': ['', 'localhost', '8.8.8.8.8', '256.1.1.1', ':::', '1::2::3', 'dns.google'],
}

const allowed = [
  '8.8.8.8',
  '1.1.1.1',
  '93.184.216.34',
  '100.63.255.255',
  '100.128.0.1',
  '172.15.255.255',
  '172.32.0.1',
  '169.253.255.255',
  '223.255.255.255',
  '::ffff:8.8.8.8',
  '2a00:1450:4001:81a::200e',
  '2606:4700:4700::1111',
  '2001:4860:4860::8888',
  '2003::1',
]

describe('isPublicAddress', () => {
  it.each(Object.entries(refused).flatMap(([kind, list]) => list.map((address) => [kind, address])))(
    'refuses %s: %s',
    (_kind, address) => {
      expect(isPublicAddress(address)).toBe(false)
    },
  )

  it.each(allowed)('allows %s', (address) => {
    expect(isPublicAddress(address)).toBe(true)
  })
})

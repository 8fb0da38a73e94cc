import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { recordedJson } from './canned-site.ts'
import { heldCapabilities, mapZone } from './read-structure.ts'
import { rootSchema } from './wordpress-schemas.ts'

describe('mapZone', () => {
  it.each([
    [0, 'UTC'],
    [-3.5, '-03:30'],
    [5.75, '+05:45'],
    [5.5, '+05:30'],
    [-0.5, '-00:30'],
    [14, '+14:00'],
    [-12, '-12:00'],
    [400, 'UTC'],
  ])('writes the offset of %d hours as %s', (gmt_offset, zone) => {
    expect(mapZone({ timezone_string: '', gmt_offset })).toBe(zone)
  })

  it('prefers the name of a zone', () => {
    expect(mapZone({ timezone_string: 'America/New_York', gmt_offset: -5 })).toBe('America/New_York')
  })

  it.each(['Mars/Olympus', '<b>', 'America/New_York\n'])(
    'falls back to the offset where %j is no zone',
    (timezone_string) => {
      expect(mapZone({ timezone_string, gmt_offset: -3.5 })).toBe('-03:30')
    },
  )

  it('gives what a calendar understands, whatever the site says', () => {
    fc.assert(
      fc.property(fc.string(), fc.double({ noNaN: true, noDefaultInfinity: true }), (timezone_string, gmt_offset) => {
        const timeZone = mapZone({ timezone_string, gmt_offset })
        expect(() => new Intl.DateTimeFormat('en', { timeZone })).not.toThrow()
      }),
    )
  })

  it('reads offsets that the root gives as text, and takes none for UTC', () => {
    const root = recordedJson('root') as object
    const zoneOf = (gmt_offset: unknown) => mapZone(rootSchema.parse({ ...root, timezone_string: '', gmt_offset }))
    expect(['5.75', '-3.5', '', null, 'soon', undefined].map(zoneOf)).toEqual([
      '+05:45',
      '-03:30',
      ...Array(4).fill('UTC'),
    ])
  })
})

describe('heldCapabilities', () => {
  it('lists what is held, and nothing that only looks like it', () => {
    const capabilities = { publish_posts: true, edit_posts: true, edit_pages: false, level_1: 1, odd: 'true' }
    expect(heldCapabilities({ id: 1, name: 'x', roles: [], capabilities })).toEqual(['edit_posts', 'publish_posts'])
  })
})

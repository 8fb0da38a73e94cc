import { Igny8Error } from '@igny8/core/adapter-kit'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { cannedUrl, createCannedSite, recordedAnswer } from './canned-site.ts'
import { isOlder, readVersion } from './site-version.ts'
import { createWordPressRest } from './wordpress-client.ts'

const environment = 'GET /wp-json/wp-abilities/v1/abilities/core/get-environment-info/run'
const blogroll = 'GET /wp-links-opml.php'

function versionOf(answers: Parameters<typeof createCannedSite>[0], namespaces = ['wp-abilities/v1']) {
  const { connection, http, clock } = createCannedSite(answers)
  const { credential, url } = connection
  const rest = createWordPressRest({ http, clock, credential, apiRoot: async () => `${cannedUrl}/wp-json/` })
  return readVersion({ http, rest, url, namespaces, signal: undefined })
}

describe('readVersion', () => {
  it('reads it from the environment, else from the blogroll', async () => {
    expect(await versionOf({ [blogroll]: { status: 404 } })).toBe('7.1.4')
    expect(await versionOf({ [environment]: { status: 403 } })).toBe('7.1.4')
    expect(await versionOf({ [environment]: new Error('must not be asked') }, [])).toBe('7.1.4')
  })

  it.each([
    ['hides it', { status: 404 }],
    ['writes something else in its place', { body: '<!-- generator="WordPress/latest" -->' }],
    ['fails', new Igny8Error({ code: 'TIMEOUT', message: 'x' })],
  ])('is null where the site %s', async (_what, answer) => {
    expect(await versionOf({ [environment]: { body: { wp_version: 7 } }, [blogroll]: answer })).toBeNull()
  })

  it('ends when it is cancelled', async () => {
    const cancelled = new Igny8Error({ code: 'CANCELLED', message: 'x' })
    await expect(versionOf({ [environment]: recordedAnswer('noRoute'), [blogroll]: cancelled })).rejects.toBe(cancelled)
  })
})

describe('isOlder', () => {
  it.each([
    ['6.1', '6.8', true],
    ['6.8', '6.8', false],
    ['6.8.1', '6.8', false],
    ['6.10', '6.9', false],
    ['5.9.10', '6.0', true],
    ['7', '6.9', false],
    ['6.1-alpha-54321', '6.1', false],
  ])('compares %s with %s by number: %s', (version, than, expected) => {
    expect(isOlder(version, than)).toBe(expected)
  })

  it('orders any two versions one way only', () => {
    const number = fc.nat({ max: 200 })
    fc.assert(
      fc.property(number, number, number, number, (major, minor, thanMajor, thanMinor) => {
        const [one, other] = [`${major}.${minor}`, `${thanMajor}.${thanMinor}`]
        expect(Number(isOlder(one, other)) + Number(isOlder(other, one))).toBe(one === other ? 0 : 1)
      }),
    )
  })
})

import { describe, expect, it } from 'vitest'
import { recordedJson } from './canned-site.ts'
import { readAnswer } from './read-answer.ts'

function read(body: string) {
  return readAnswer({ body: new TextEncoder().encode(body), headers: new Headers() })
}

describe('readAnswer', () => {
  it('reads JSON as WordPress sends it', () => {
    const value = recordedJson('post')
    expect(read(JSON.stringify(value))).toEqual({ kind: 'json', value, hasNoise: false })
  })

  it('knows the page that WordPress shows during its own updates, and those of plugins', () => {
    const wordpress = '<!DOCTYPE html><html><p>Briefly unavailable for scheduled maintenance. Check back.</p></html>'
    expect(read(wordpress)).toEqual({ kind: 'maintenance' })
    expect(read('<html><title>Maintenance Mode</title></html>')).toEqual({ kind: 'maintenance' })
  })

  it('knows WordPress’s login page', () => {
    const page = '<!DOCTYPE html><html><form id="loginform"><input type="password" name="pwd"></form></html>'
    expect(read(page)).toMatchObject({ kind: 'login-page' })
  })

  it('takes a page with a link for logging in for a page', () => {
    expect(read('<html><a href="/wp-login.php">Log in</a></html>')).toMatchObject({ kind: 'html' })
  })
})

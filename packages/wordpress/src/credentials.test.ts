import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { hideSecret, isApplicationPassword, mapCredentialsToSecret, splitSecret } from './credentials.ts'

const applicationPassword = 'abcd EFGH ijkl 1234 qrst UVWX'

describe('mapCredentialsToSecret', () => {
  it('keeps an application password without the spaces that are for reading', () => {
    expect(mapCredentialsToSecret({ username: ' editor ', applicationPassword })).toBe(
      'editor:abcdEFGHijkl1234qrstUVWX',
    )
    const pasted = ` ${applicationPassword.replaceAll(' ', '\u00a0')} `
    expect(mapCredentialsToSecret({ username: 'editor', applicationPassword: pasted })).toBe(
      'editor:abcdEFGHijkl1234qrstUVWX',
    )
  })

  it('keeps the spaces of another password, which are part of it', () => {
    expect(mapCredentialsToSecret({ username: 'editor', applicationPassword: 'two words' })).toBe('editor:two words')
  })

  it.each([
    [{ applicationPassword }, 'username'],
    [{ username: 'editor' }, 'applicationPassword'],
    [{ username: ' ', applicationPassword }, 'username'],
    [{ username: 'a:b', applicationPassword }, 'username'],
    [{ username: 'a\r\nb', applicationPassword }, 'username'],
    [{ username: 'editor', applicationPassword: 'hunter2\u0000x' }, 'applicationPassword'],
    [{ username: 'editor', applicationPassword: 'hunter2\u2028x' }, 'applicationPassword'],
    [{ username: 'editor', applicationPassword: 'hunter2'.repeat(100) }, 'applicationPassword'],
    [{ username: 'editor', applicationPassword, role: 'hunter2' }, 'role'],
  ])('refuses %j by the name of the field alone', (input, field) => {
    const attempt = () => mapCredentialsToSecret(input as Record<string, string>)
    expect(attempt).toThrow(expect.objectContaining({ code: 'INVALID_INPUT', message: expect.stringContaining(field) }))
    expect(attempt).not.toThrow(/hunter2/)
  })

  it('gives a secret that splits into the halves it was made of', () => {
    const visible = fc.string({ minLength: 1, maxLength: 50 }).filter((text) => text.trim() === text)
    fc.assert(
      fc.property(visible, visible, (username, password) => {
        fc.pre(!username.includes(':'))
        const halves = splitSecret(mapCredentialsToSecret({ username, applicationPassword: password }))
        expect(halves).toEqual({
          username,
          password: isApplicationPassword(halves.password) ? halves.password : password,
        })
      }),
    )
  })
})

describe('isApplicationPassword', () => {
  it.each([
    ['abcdEFGHijkl1234qrstUVWX', true],
    [applicationPassword, false],
    ['abcdEFGHijkl1234qrstUVW', false],
    ['abcdEFGHijkl1234qrstUVW!', false],
  ])('takes %s for one: %s', (password, expected) => {
    expect(isApplicationPassword(password)).toBe(expected)
  })
})

describe('hideSecret', () => {
  const secret = 'editor:p&ss/wörd+1'

  it.each([
    ['the password', 'p&ss/wörd+1'],
    ['user name and password', secret],
    ['the header', Buffer.from(secret).toString('base64')],
    ['a form', encodeURIComponent('p&ss/wörd+1')],
    ['the header inside of an address', encodeURIComponent(Buffer.from(secret).toString('base64'))],
  ])('hides the secret as %s', (_form, text) => {
    expect(hideSecret(`<${text}> and <${text}>`, secret)).toBe('<[secret]> and <[secret]>')
  })

  it('leaves other text as it is, and takes any secret', () => {
    expect(hideSecret('The editor may not.', secret)).toBe('The editor may not.')
    expect(hideSecret('The editor may not.', '')).toBe('The editor may not.')
    expect(hideSecret('said half \ud83d', 'editor:half \ud83d')).toBe('said [secret]')
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 4 }), (password) => {
        fc.pre(!'[secret]'.includes(password))
        expect(hideSecret(`said ${password}`, `editor:${password}`)).not.toContain(password)
      }),
    )
  })
})

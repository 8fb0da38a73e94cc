import { Igny8Error } from '@igny8/core/adapter-kit'

/** Where a site ends and WordPress's own paths begin. */
const ownPaths = new Set([
  'wp-admin',
  'wp-login.php',
  'wp-json',
  'wp-content',
  'wp-includes',
  'xmlrpc.php',
  'index.php',
  'wp-links-opml.php',
])

/**
 * The address that identifies a WordPress site: scheme, host and folder, without a slash at the end.
 *
 * Takes what people copy from their browser: without a scheme (https is meant), the dashboard, the login page, the API root.
 * Throws `INVALID_INPUT`.
 */
export function normaliseWordPressUrl(typed: string): string {
  const text = typed.trim()
  const withScheme = /^[a-z][a-z0-9+.-]*:\/\//i.test(text) ? text : `https://${text}`
  const url = text.length > 2000 || !URL.canParse(withScheme) ? null : new URL(withScheme)
  const host = url?.hostname.replace(/\.+$/, '') ?? ''
  if (url === null || host === '') throw refuse('This is not the address of a website.')
  if (url.protocol !== 'https:' && url.protocol !== 'http:') throw refuse('The address of a site starts with https://.')
  if (url.username !== '' || url.password !== '') throw refuse('The address holds a user name or a password.')
  const segments = url.pathname.split('/').filter((segment) => segment !== '')
  const end = segments.findIndex((segment) => ownPaths.has(segment.toLowerCase()))
  const path = (end === -1 ? segments : segments.slice(0, end)).map((segment) => `/${segment}`).join('')
  const port = url.port === '' ? '' : `:${url.port}`
  return `${url.protocol}//${host}${port}${path}`
}

function refuse(message: string): Igny8Error {
  return new Igny8Error({
    code: 'INVALID_INPUT',
    message,
    hint: 'Enter the address as visitors see it, such as https://example.com.',
    details: { field: 'url' },
  })
}

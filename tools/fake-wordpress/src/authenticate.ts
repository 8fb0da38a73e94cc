import type { FakeSite } from './fake-site.ts'
import type { UserRow } from './site-state.ts'

/** Who a request comes from. A wrong password, the account's own one and no header are the same to WordPress: nobody. */
export function authenticate(site: FakeSite, authorization: string | undefined): UserRow | null {
  if (authorization === undefined || !site.configuration.applicationPasswords) return null
  const [scheme = '', encoded = ''] = authorization.split(' ')
  if (scheme.toLowerCase() !== 'basic') return null
  const credential = Buffer.from(encoded, 'base64').toString()
  const colon = credential.indexOf(':')
  return colon === -1 ? null : findUser(site, credential.slice(0, colon), credential.slice(colon + 1))
}

/** By login or e-mail, with the spaces of the password or without. */
function findUser(site: FakeSite, login: string, password: string): UserRow | null {
  const compact = password.replaceAll(/[^a-z\d]/gi, '')
  for (const user of site.state.users.values()) {
    if (user.login !== login && user.email !== login) continue
    return user.applicationPasswords.includes(compact) ? user : null
  }
  return null
}

/** XML-RPC takes both kinds of password, in its body. */
export function acceptsInXmlRpc(site: FakeSite, login: string, password: string): boolean {
  for (const user of site.state.users.values()) {
    if ((user.login === login || user.email === login) && user.password === password) return true
  }
  return site.configuration.applicationPasswords && findUser(site, login, password) !== null
}

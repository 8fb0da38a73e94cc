import { createHash, randomBytes } from 'node:crypto'
import type { Identity } from '@igny8/http'
import type { Query } from './open-database.ts'

/** Keys of accounts. Only their hash is kept: 32 random bytes need no slower one. */
export interface ApiKeys {
  /** A new key in the place of the one of this name; shown this once. */
  create(accountId: string, name: string): Promise<string>
  find(key: string): Promise<Identity | null>
}

/** Makes the keys of accounts. */
export function createApiKeys(query: Query): ApiKeys {
  const hash = (key: string) => createHash('sha256').update(key).digest('hex')
  return {
    async create(accountId, name) {
      const key = `igny8_${randomBytes(32).toString('base64url')}`
      await query('delete from host_api_keys where account_id = $1 and name = $2', [accountId, name])
      await query('insert into host_api_keys (key_hash, account_id, name) values ($1, $2, $3)', [
        hash(key),
        accountId,
        name,
      ])
      return key
    },
    async find(key) {
      const [row] = await query('select account_id, name from host_api_keys where key_hash = $1', [hash(key)])
      return row === undefined ? null : { accountId: String(row.account_id), actor: `key:${String(row.name)}` }
    },
  }
}

/** The seam for a host's own login: sessions, tokens, single sign-on. Whatever it is, it ends in an account or in nobody. */
export function createAuthentication(keys: ApiKeys): (request: Request) => Promise<Identity | null> {
  return async (request) => {
    const key = /^Bearer (igny8_[\w-]{43})$/.exec(request.headers.get('authorization') ?? '')?.[1]
    return key === undefined ? null : keys.find(key)
  }
}

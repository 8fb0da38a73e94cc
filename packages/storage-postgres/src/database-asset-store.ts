import { createHash } from 'node:crypto'
import type { AssetStore } from '@igny8/core'
import { sql } from 'kysely'
import type { SystemScope } from './system-storage.ts'
import { decodeText, encodeText } from './text-codec.ts'

/** Keeps assets in a table. Every statement may be repeated: the same bytes twice are one row. */
export function createDatabaseAssetStore({ schema, builder, database }: SystemScope): AssetStore {
  const assets = sql.table(`${schema}.assets`)
  const run = (query: ReturnType<typeof sql>) => {
    const compiled = query.compile(builder)
    return database.repeatable((connection) => connection.run(compiled))
  }
  return {
    async put({ accountId, mediaType, bytes }) {
      const copy = bytes.slice()
      const hash = createHash('sha256').update(copy).digest('hex')
      await run(sql`insert into ${assets} (account_id, hash, media_type, bytes)
        values (${encodeText(accountId)}, ${hash}, ${encodeText(mediaType)}, ${copy}) on conflict do nothing`)
      return hash
    },
    async get({ accountId, hash }) {
      const { rows } = await run(sql`select hash, media_type, encode(bytes, 'base64') as bytes from ${assets}
        where account_id = ${encodeText(accountId)} and hash = ${encodeText(hash)}`)
      const [row] = rows
      if (row === undefined) return undefined
      const bytes = Uint8Array.from(Buffer.from(row.bytes ?? '', 'base64'))
      return { hash, mediaType: decodeText(row.media_type ?? ''), bytes }
    },
    async remove({ accountId, hash }) {
      await run(sql`delete from ${assets} where account_id = ${encodeText(accountId)} and hash = ${encodeText(hash)}`)
    },
    async removeAll(accountId) {
      await run(sql`delete from ${assets} where account_id = ${encodeText(accountId)}`)
    },
  }
}

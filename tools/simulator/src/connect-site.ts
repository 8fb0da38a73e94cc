import type { Account, StoredIntegration, StoredSite } from '@igny8/core'
import type { FakeWordPress } from '@igny8-tools/fake-wordpress'
import { accountId, createWorld, type Setting } from './world.ts'

/** A connected site, with a secret for its webhooks. */
export interface Connection {
  readonly siteId: string
  readonly integrationId: string
  readonly webhookSecret: string
}

/** What connecting a site of a setting leaves in the storage. */
export interface ConnectedRows extends Connection {
  readonly site: StoredSite
  readonly integration: StoredIntegration
}

/** Connects the site by itself. */
export async function connectSite(account: Account, site: FakeWordPress): Promise<Connection> {
  const { connections } = account
  const connected = await connections.connect({ platform: 'wordpress', url: site.url, ...credentialOf(site) })
  const [siteId, integrationId] = [connected.site.id, connected.integration.id]
  const { secret } = await connections.createWebhookSecret({ integrationId })
  return { siteId, integrationId, webhookSecret: secret }
}

export function credentialOf({ users }: FakeWordPress): {
  readonly username: string
  readonly applicationPassword: string
} {
  if (users.admin === undefined) throw new Error('The fake site has no administrator.')
  const { username, applicationPassword } = users.admin
  return { username, applicationPassword }
}

const known = new Map<string, ConnectedRows>()

/** Connects a site of the setting in a world of its own, once: where nothing can fail it goes the same way each time, and would cost a seventh of every seed. */
export async function connectOnce(setting: Setting): Promise<ConnectedRows> {
  const key = JSON.stringify(setting)
  const rows = known.get(key) ?? (await connectApart(setting))
  known.set(key, rows)
  return rows
}

async function connectApart(setting: Setting): Promise<ConnectedRows> {
  const { time, site, storage, startWorker } = createWorld(0, {}, setting)
  const { igny8, account } = startWorker('A')
  try {
    return await time.runUntil(
      (async () => {
        await igny8.start()
        const connection = await connectSite(account, site)
        const { sites, integrations } = storage.forAccount(accountId)
        const rows = [await sites.get(connection.siteId), await integrations.get(connection.integrationId)] as const
        if (rows[0] === undefined || rows[1] === undefined) throw new Error('Connecting has left no rows.')
        return { ...connection, site: rows[0], integration: rows[1] }
      })(),
    )
  } finally {
    time.end()
  }
}

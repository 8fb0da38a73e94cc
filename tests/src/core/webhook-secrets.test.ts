import { createIgny8 } from '@igny8/core'
import { createSeededRandom } from '@igny8/core/testing'
import { describe, expect, it } from 'vitest'
import { tell, withWebhooks } from './tell-webhook.ts'

describe('webhook secrets', () => {
  it('overlap when they change, and are shown once', async () => {
    const world = await withWebhooks()
    const { integrationId } = { integrationId: world.integration.id }
    const second = await world.account.connections.createWebhookSecret({ integrationId })
    expect(second.secret).toMatch(/^whsec_[A-Za-z0-9+/]{43}=$/)
    const answers = async () => {
      const statuses = []
      for (const secret of [world.secret, second.secret]) statuses.push((await tell(world, 4711, { secret })).status)
      return statuses
    }
    expect(await answers()).toEqual([202, 202])
    const shown = await world.account.connections.get(integrationId)
    expect(shown.webhookSecrets).toMatchObject([{ isSet: true }, { id: second.id, createdAt: second.createdAt }])
    expect(new Set(shown.webhookSecrets.map(({ fingerprint }) => fingerprint)).size).toBe(2)
    expect(JSON.stringify([shown, world.events])).not.toContain(second.secret.slice(6, 20))
    const third = await world.account.connections.createWebhookSecret({ integrationId })
    expect(await answers()).toEqual([401, 202])
    await world.account.connections.removeWebhookSecret({ integrationId, secretId: second.id })
    expect(await answers()).toEqual([401, 401])
    expect((await tell(world, 4711, { secret: third.secret })).status).toBe(202)
  })

  it('stay good when one before them goes, and when the encryption key changes', async () => {
    const world = await withWebhooks()
    const { integrationId } = { integrationId: world.integration.id }
    const [first] = (await world.account.connections.get(integrationId)).webhookSecrets
    const { secret } = await world.account.connections.createWebhookSecret({ integrationId })
    await world.account.connections.removeWebhookSecret({ integrationId, secretId: first?.id ?? '' })
    const keys = ['new', 'test'].map((id, n) => ({ id, secret: Buffer.alloc(32, 8 - n).toString('base64') }))
    const { storage, clock, platform } = world
    const options = { storage, clock, platforms: [platform.adapter], random: createSeededRandom(3) }
    await createIgny8({ ...options, encryption: { keys } }).rotateKeys()
    const igny8 = createIgny8({ ...options, encryption: { keys: keys.slice(0, 1) } })
    expect(await tell({ ...world, igny8 }, 4711, { secret })).toEqual({ status: 202 })
  })

  it('of another account, or unknown ones, cannot be touched', async () => {
    const world = await withWebhooks()
    const { integrationId } = { integrationId: world.integration.id }
    const stranger = world.igny8.forAccount('stranger').connections
    await expect(stranger.createWebhookSecret({ integrationId })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const [secret] = (await world.account.connections.get(integrationId)).webhookSecrets
    const removal = { integrationId, secretId: secret?.id ?? '' }
    await expect(stranger.removeWebhookSecret(removal)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    const slip = { integrationId, secretId: 'unknown' }
    await expect(world.account.connections.removeWebhookSecret(slip)).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect((await tell(world, 4711)).status).toBe(202)
  })
})

import { describe, expect, it } from 'vitest'
import type { StoredAiSettings } from '../model/ai.ts'
import type { AccountContext } from '../ports/account-context.ts'
import { buildAiSettings } from '../testing/build-ai.ts'
import { readEffectiveSettings } from './effective-settings.ts'

function contextOf(accountId: string, settings: StoredAiSettings | undefined): AccountContext {
  const vault = { open: async (envelope: string) => `${accountId} opened ${envelope}` }
  return { accountId, vault, storage: { ai: { getSettings: async () => settings } } } as unknown as AccountContext
}

const read = (own?: Partial<StoredAiSettings>, shared?: Partial<StoredAiSettings>) =>
  readEffectiveSettings(
    contextOf('acct', own && buildAiSettings(own)),
    contextOf('platform', shared && buildAiSettings(shared)),
  )

describe('effective settings', () => {
  it('take of the platform what the account has not set', async () => {
    const settings = await read({ dailyBudget: '5' }, { dailyBudget: '9', monthlyBudget: '90', defaultTextModel: 'a' })
    expect(settings).toMatchObject({ dailyBudget: '5', monthlyBudget: '90', defaultTextModel: 'a' })
  })

  it('take model and provider of images from the same row', async () => {
    const shared = { defaultImageModel: 'a-image', defaultImageProvider: 'a' }
    expect(await read({ defaultImageProvider: 'b' }, shared)).toMatchObject({
      defaultImageModel: null,
      defaultImageProvider: 'b',
    })
    expect(await read({ defaultImageModel: 'b-image' }, shared)).toMatchObject({
      defaultImageModel: 'b-image',
      defaultImageProvider: null,
    })
    expect(await read({}, shared)).toMatchObject(shared)
  })

  it('open a key with the vault of the row that it stands in', async () => {
    const settings = await read({ apiKeys: { a: '1' } }, { apiKeys: { a: '2', b: '3' } })
    expect(await settings.openKey('a')).toEqual({ apiKey: 'acct opened 1', keyFrom: 'account' })
    expect(await settings.openKey('b')).toEqual({ apiKey: 'platform opened 3', keyFrom: 'platform' })
    await expect(settings.openKey('c')).rejects.toMatchObject({ code: 'KEY_MISSING' })
  })

  it.each(['constructor', 'toString', '__proto__'])('find no key in what every object has: %s', async (name) => {
    const settings = await read({}, {})
    expect(settings.hasKey(name)).toBe(false)
    await expect(settings.openKey(name)).rejects.toMatchObject({ code: 'KEY_MISSING' })
  })
})

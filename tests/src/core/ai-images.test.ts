import { buildImageUpload, Igny8Error } from '@igny8/core/testing'
import { describe, expect, it } from 'vitest'
import { startWithAi, usageOf } from './ai-world.ts'

const png = (name: string) => ({ kind: 'bytes', bytes: buildImageUpload(name).bytes, seed: 7 }) as const
const atUrl = { kind: 'url', url: 'http://127.0.0.1:9/a.png', seed: null } as const

describe('generateImage', () => {
  it('keeps the bytes as an asset and makes an image of them', async () => {
    const { account, first, siteId, storage } = await startWithAi()
    first.willAnswer({ images: [png('a')], units: { image: 1 } })
    const result = await account.ai.generateImage({
      siteId,
      prompt: 'A lighthouse.',
      alt: 'A lighthouse',
      title: 'Light',
    })
    const [made] = result.images
    expect(made?.seed).toBe(7)
    expect(made?.image).toMatchObject({ siteId, alt: 'A lighthouse', title: 'Light', mediaType: 'image/png' })
    expect(made?.image.imageUrl).toBe(`igny8-asset:${made?.image.contentHash}`)
    const asset = await storage.assets.get({ accountId: 'acct', hash: made?.image.contentHash ?? '' })
    expect(asset).toMatchObject({ mediaType: 'image/png' })
    expect(await account.images.get(made?.image.id ?? '')).toEqual(made?.image)
    expect(result).toMatchObject({
      refused: [],
      failed: [],
      model: 'first-image',
      cost: { amount: '0.04', certainty: 'exact' },
    })
    expect(await usageOf({ account })).toMatchObject([{ kind: 'image', status: 'settled', cost: '0.04' }])
  })

  it('makes an image that a push uploads', async () => {
    const { account, first, siteId, platform } = await startWithAi()
    first.willAnswer({ images: [png('a')], units: { image: 1 } })
    const { images } = await account.ai.generateImage({ siteId, prompt: 'x' })
    const content = await account.content.create({
      siteId,
      type: 'post',
      title: 'With an image',
      featuredImageId: images[0]?.image.id ?? null,
    })
    await account.content.approve(content.id)
    await account.content.publish(content.id)
    expect(platform.media.size).toBe(1)
  })

  it('downloads at once what comes as an address', async () => {
    const { account, first, siteId, answers } = await startWithAi()
    answers.set(atUrl.url, new Response(Buffer.from(buildImageUpload('b').bytes)))
    first.willAnswer({ images: [atUrl], units: { image: 1 } })
    const { images } = await account.ai.generateImage({ siteId, prompt: 'x' })
    expect(images[0]?.image.imageUrl).toMatch(/^igny8-asset:[0-9a-f]{64}$/)
  })

  it('goes no way that the outbound policy forbids', async () => {
    const { account, first, siteId } = await startWithAi()
    first.willAnswer({ images: [{ ...atUrl, url: 'http://169.254.169.254/latest' }], units: { image: 1 } })
    await expect(account.ai.generateImage({ siteId, prompt: 'x' })).rejects.toMatchObject({
      code: 'OUTBOUND_REFUSED',
      effect: 'unknown',
    })
    expect((await account.images.list()).count).toBe(0)
  })

  it('gives what could be made, and names the rest', async () => {
    const { account, first, siteId } = await startWithAi()
    first.willAnswer({
      images: [png('a'), { kind: 'bytes', bytes: Buffer.from('<html>'), seed: null }, atUrl],
      refused: ['Too much blood.'],
      units: { image: 3 },
    })
    const result = await account.ai.generateImage({ siteId, prompt: 'x', count: 4 })
    expect(result.images).toHaveLength(1)
    expect(result.failed.map(({ code }) => code)).toEqual(['IMAGE_REFUSED', 'REMOTE_NOT_FOUND'])
    expect(result).toMatchObject({ refused: ['Too much blood.'], cost: { amount: '0.12' } })
    expect((await account.images.list()).count).toBe(1)
  })

  it.each([
    [{ images: [], refused: ['No.'], units: { image: 0 } }, 'CONTENT_REFUSED', '0'],
    [
      { images: [{ kind: 'bytes', bytes: Buffer.from('no'), seed: null }], units: { image: 1 } },
      'IMAGE_REFUSED',
      '0.04',
    ],
    [{ images: [], units: { image: 1 } }, 'REMOTE_MALFORMED', '0.04'],
  ] as const)('throws where nothing came of it, and settles: %#', async (answer, code, cost) => {
    const { account, first, siteId } = await startWithAi()
    first.willAnswer(answer)
    const call = account.ai.generateImage({ siteId, prompt: 'x' })
    await expect(call).rejects.toMatchObject({ code, effect: 'unknown', details: { cost } })
    expect(await usageOf({ account })).toMatchObject([{ status: 'settled', cost }])
  })

  it('reserves for all that it asks for, and falls back', async () => {
    const { account, first, second, siteId } = await startWithAi()
    await account.ai.settings.update({ version: 0, changes: { dailyBudget: '0.12' } })
    await expect(account.ai.generateImage({ siteId, prompt: 'x', count: 4 })).rejects.toMatchObject({
      code: 'BUDGET_EXCEEDED',
      details: { upperEstimate: '0.16' },
    })
    first.willAnswer({ error: new Igny8Error({ code: 'QUOTA_EXHAUSTED', message: 'Empty.' }) })
    second.willAnswer({ images: [png('a')], units: { image: 3 } })
    const result = await account.ai.generateImage({ siteId, prompt: 'x', count: 3, fallbacks: ['second-image'] })
    expect(result).toMatchObject({ model: 'second-image', failedAttempts: [{ code: 'QUOTA_EXHAUSTED' }] })
  })

  it('takes the first model of the default provider where no model is set', async () => {
    const { account, second, siteId } = await startWithAi()
    await account.ai.settings.update({ version: 0, changes: { defaultImageProvider: 'second' } })
    second.willAnswer({ images: [png('a')] })
    expect(await account.ai.generateImage({ siteId, prompt: 'x' })).toMatchObject({ model: 'second-image' })
  })

  it('passes on what was asked for', async () => {
    const { account, first, siteId } = await startWithAi()
    first.willAnswer({ images: [png('a')] })
    const asked = { prompt: 'x', negativePrompt: 'y', width: 1024, height: 768, seed: 3, quality: 'hd', count: 2 }
    await account.ai.generateImage({ siteId, ...asked })
    const model = await account.ai.models.getModel('first-image')
    expect(first.calls[0]?.input).toEqual({ model, ...asked })
  })

  it.each([
    [{ prompt: ' ' }, 'prompt'],
    [{ width: 1024 }, 'height'],
    [{ width: 0, height: 0 }, 'width'],
    [{ width: 99_999, height: 10 }, 'width'],
    [{ width: 100.5, height: 100 }, 'width'],
    [{ aspectRatio: '16x9' }, 'aspectRatio'],
    [{ aspectRatio: '16:9', width: 1024, height: 576 }, 'aspectRatio'],
    [{ count: 0 }, 'count'],
    [{ seed: -1 }, 'seed'],
  ])('refuses %j before any request', async (wrong, field) => {
    const { account, first, siteId } = await startWithAi()
    const call = account.ai.generateImage({ siteId, prompt: 'x', ...wrong })
    await expect(call).rejects.toMatchObject({ code: 'INVALID_INPUT', details: { field } })
    expect(first.calls).toEqual([])
  })

  it('refuses an unknown site before any request', async () => {
    const { account, first, igny8, siteId } = await startWithAi()
    const call = igny8.forAccount('other').ai.generateImage({ siteId, prompt: 'x' })
    await expect(call).rejects.toMatchObject({ code: 'NOT_FOUND' })
    await expect(account.ai.generateImage({ siteId: 'x', prompt: 'x' })).rejects.toMatchObject({ code: 'NOT_FOUND' })
    expect(first.calls).toEqual([])
  })
})

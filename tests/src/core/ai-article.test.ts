import { describe, expect, it } from 'vitest'
import { startWithAi, usageOf } from './ai-world.ts'

const article = {
  title: '  Watering\ncacti ',
  slug: 'Watering Cacti!',
  excerpt: 'How much is too much.',
  tags: ['#Cacti', 'Watering', 'cacti', ''],
  sections: [
    { heading: null, paragraphs: ['Little & seldom.', ''], list: null, quote: null },
    {
      heading: 'How <often>',
      paragraphs: ['[gallery] <script>alert(1)</script>'],
      list: { ordered: true, items: ['In summer', ' ', 'In winter'] },
      quote: { text: 'Drown it, and it dies.', source: 'A gardener' },
    },
  ],
}
const answer = (value: unknown) => ({ text: JSON.stringify(value), units: { input: 1_000, output: 500 } })

describe('draftArticle', () => {
  it('makes a draft with blocks, excerpt, slug and tags', async () => {
    const { account, first, siteId } = await startWithAi()
    first.willAnswer(answer(article))
    const drafted = await account.ai.draftArticle({
      siteId,
      topic: 'Watering cacti',
      language: 'en',
      keywords: ['drought'],
    })
    expect(drafted.content).toMatchObject({
      siteId,
      type: 'post',
      status: 'draft',
      origin: 'local',
      title: 'Watering cacti',
      slug: 'watering-cacti',
      excerpt: 'How much is too much.',
      bodyFormat: 'blocks',
    })
    expect(drafted).toMatchObject({ model: 'first-text', cost: { amount: '0.002' } })
    expect(drafted.content.body).toBe(
      [
        '<!-- wp:paragraph -->\n<p>Little &amp; seldom.</p>\n<!-- /wp:paragraph -->',
        '<!-- wp:heading -->\n<h2 class="wp-block-heading">How &lt;often&gt;</h2>\n<!-- /wp:heading -->',
        '<!-- wp:paragraph -->\n<p>&#91;gallery&#93; &lt;script&gt;alert(1)&lt;/script&gt;</p>\n<!-- /wp:paragraph -->',
        '<!-- wp:list {"ordered":true} -->\n<ol class="wp-block-list"><!-- wp:list-item -->\n<li>In summer</li>\n<!-- /wp:list-item -->\n\n<!-- wp:list-item -->\n<li>In winter</li>\n<!-- /wp:list-item --></ol>\n<!-- /wp:list -->',
        '<!-- wp:quote -->\n<blockquote class="wp-block-quote"><!-- wp:paragraph -->\n<p>Drown it, and it dies.</p>\n<!-- /wp:paragraph --><cite>A gardener</cite></blockquote>\n<!-- /wp:quote -->',
      ].join('\n\n'),
    )
    const tags = await account.taxonomies.list({ siteId, type: 'tag' })
    expect(tags.items.map(({ name }) => name)).toEqual(['Cacti', 'Watering'])
    expect(new Set(drafted.content.taxonomyIds)).toEqual(new Set(tags.items.map(({ id }) => id)))
    expect(await account.content.get(drafted.content.id)).toEqual(drafted.content)
    expect(JSON.stringify(first.calls[0]?.input)).toMatch(/Watering cacti.*drought/)
  })

  it('can be pushed like any content', async () => {
    const { account, first, siteId, platform } = await startWithAi()
    first.willAnswer(answer(article))
    const { content } = await account.ai.draftArticle({ siteId, topic: 'Cacti' })
    await account.content.approve(content.id)
    await account.content.publish(content.id)
    expect([...platform.items.values()].map(({ fields }) => fields.title)).toEqual(['Watering cacti'])
  })

  it('leaves tags alone where none are wanted, and takes a slug from the title', async () => {
    const { account, first, siteId } = await startWithAi()
    first.willAnswer(answer({ ...article, slug: ' ' }))
    const { content } = await account.ai.draftArticle({ siteId, topic: 'x', tags: false, type: 'page' })
    expect(content).toMatchObject({ taxonomyIds: [], slug: 'watering-cacti', type: 'page' })
    expect((await account.taxonomies.list()).count).toBe(0)
  })

  it.each([
    ['no title', { ...article, title: ' ' }],
    ['no text', { ...article, sections: [{ heading: null, paragraphs: [' '], list: null, quote: null }] }],
    ['another shape', { ...article, sections: 'none' }],
    ['something more', { ...article, html: '<b>' }],
  ])('makes no draft of an answer with %s; it is billed', async (_name, value) => {
    const { account, first, siteId } = await startWithAi()
    first.willAnswer(answer(value))
    const call = account.ai.draftArticle({ siteId, topic: 'x' })
    await expect(call).rejects.toMatchObject({ code: 'OUTPUT_MALFORMED', details: { cost: '0.002' } })
    expect([(await account.content.list()).count, (await account.taxonomies.list()).count]).toEqual([0, 0])
    expect(await usageOf({ account })).toMatchObject([{ status: 'settled', cost: '0.002' }])
  })

  it.each([
    [{ topic: '' }, 'topic'],
    [{ topic: 'x', words: 1 }, 'words'],
    [{ topic: 'x', lang: 'en' }, 'lang'],
  ])('refuses %j before any request', async (input, field) => {
    const { account, first, siteId } = await startWithAi()
    const call = account.ai.draftArticle({ siteId, ...input } as never)
    await expect(call).rejects.toMatchObject({ code: 'INVALID_INPUT', details: { field } })
    expect(first.calls).toEqual([])
  })
})

import * as z from 'zod'
import type { ArticleBlock } from './render-blocks.ts'

/**
 * What the model fills in. Without limits: not every vendor takes them in a schema, and what is too long is cut here rather than paid for
 * in vain.
 */
export const articleSchema = z.strictObject({
  title: z.string(),
  slug: z.string().describe('A few words of the title for the address, in lower case, joined by hyphens.'),
  excerpt: z.string().describe('One or two sentences that say what the reader will find.'),
  tags: z.array(z.string()).describe('At most five topics, one to three words each.'),
  sections: z.array(
    z.strictObject({
      heading: z.string().nullable().describe('null for the introduction.'),
      paragraphs: z.array(z.string()),
      list: z.strictObject({ ordered: z.boolean(), items: z.array(z.string()) }).nullable(),
      quote: z.strictObject({ text: z.string(), source: z.string().nullable() }).nullable(),
    }),
  ),
})

/** An article as the model wrote it. */
export type Article = z.infer<typeof articleSchema>

/** The parts of an article in order: of each section the heading, its paragraphs, its list, its quote. */
export function blocksOf({ sections }: Article): readonly ArticleBlock[] {
  return sections.flatMap(({ heading, paragraphs, list, quote }): readonly ArticleBlock[] => [
    ...(heading === null ? [] : [{ kind: 'heading', level: 2, text: heading } as const]),
    ...paragraphs.map((text) => ({ kind: 'paragraph', text }) as const),
    ...(list === null ? [] : [{ kind: 'list', ...list } as const]),
    ...(quote === null ? [] : [{ kind: 'quote', ...quote } as const]),
  ])
}

/** What the article shall be like. */
export interface ArticleOrder {
  readonly topic: string
  readonly brief?: string | undefined
  readonly audience?: string | undefined
  readonly tone?: string | undefined
  readonly language?: string | undefined
  readonly keywords: readonly string[]
  readonly words: number
}

/** The instruction that goes with every article. */
export const articleSystem = [
  'You write articles for websites. Answer with the article in the given structure and nothing else.',
  'All texts are plain: no HTML, no Markdown, no shortcodes, no placeholders.',
  'State only what you know or what the brief says; invent no names, numbers, quotes or sources. Set list and quote to null where a section needs none.',
].join('\n')

/** The order in words. */
export function articlePrompt({ topic, brief, audience, tone, language, keywords, words }: ArticleOrder): string {
  return [
    `Write an article of about ${words} words.`,
    `Topic: ${topic}`,
    ...(brief === undefined ? [] : [`Brief:\n${brief}`]),
    ...(audience === undefined ? [] : [`Readers: ${audience}`]),
    ...(tone === undefined ? [] : [`Tone: ${tone}`]),
    `Language: ${language ?? 'the language of the topic'}`,
    ...(keywords.length === 0 ? [] : [`Use these words where they fit: ${keywords.join(', ')}`]),
  ].join('\n')
}

import { Igny8Error } from '../errors/igny8-error.ts'
import { notFound } from '../errors/not-found.ts'
import { parseInput } from '../errors/parse-input.ts'
import type { Content } from '../model/content.ts'
import { slugFromTitle } from '../model/slug-from-title.ts'
import type { AccountContext } from '../ports/account-context.ts'
import type { AiParts, AiSurroundings } from './ai-parts.ts'
import { type Article, articlePrompt, articleSchema, articleSystem, blocksOf } from './article.ts'
import { type DraftArticleInput, draftArticleSchema } from './generate-schemas.ts'
import { generateText, type TextResult } from './generate-text.ts'
import { renderBlocks } from './render-blocks.ts'

/** A draft, and what it cost. */
export interface DraftedArticle extends Omit<TextResult, 'text' | 'output'> {
  readonly content: Content
}

const maxTags = 5

/** Drafts an article; see `AiApi.draftArticle`. */
export async function draftArticle(
  context: AccountContext,
  parts: AiParts,
  surroundings: Pick<AiSurroundings, 'createContent' | 'createTerm'>,
  input: DraftArticleInput,
): Promise<DraftedArticle> {
  const { siteId, type, tags, actor, ...given } = parseInput(draftArticleSchema, input)
  if ((await context.storage.sites.get(siteId)) === undefined) throw notFound('site', siteId)
  const { topic, brief, audience, tone, language, keywords, words, ...call } = given
  const {
    output,
    text: _,
    ...result
  } = await generateText<Article>(context, parts, {
    ...call,
    system: articleSystem,
    prompt: articlePrompt({ topic, brief, audience, tone, language, keywords, words }),
    output: articleSchema,
  })
  const title = onOneLine(output.title, 300)
  const body = renderBlocks(blocksOf(output))
  if (title === '' || body === '') throw empty(result)
  const names = tags ? namesOf(output.tags) : []
  const taxonomyIds: string[] = []
  for (const name of names) taxonomyIds.push(await surroundings.createTerm({ siteId, type: 'tag', name }))
  const content = await surroundings.createContent({
    siteId,
    type,
    title,
    body,
    bodyFormat: 'blocks',
    excerpt: onOneLine(output.excerpt, 1_000),
    slug: slugFromTitle(output.slug.trim() === '' ? title : output.slug),
    taxonomyIds: [...new Set(taxonomyIds)],
    actor: actor ?? `ai:${result.model}`.slice(0, 255),
  })
  return { content, ...result }
}

function namesOf(tags: readonly string[]): readonly string[] {
  return tags
    .map((tag) => onOneLine(tag.replace(/^#+/, ''), 100))
    .filter(Boolean)
    .slice(0, maxTags)
}

function onOneLine(text: string, maxLength: number): string {
  const line = text.replace(/[\p{Cc}\s]+/gu, ' ').trim()
  return line
    .slice(0, maxLength)
    .toWellFormed()
    .replace(/\uFFFD$/, '')
    .trimEnd()
}

function empty({ usageId, model, cost }: Pick<TextResult, 'usageId' | 'model' | 'cost'>): Igny8Error {
  return new Igny8Error({
    code: 'OUTPUT_MALFORMED',
    message: 'The model wrote an article without a title or without text.',
    hint: 'Ask again (it is billed again), say more in the brief, or choose another model.',
    retryable: true,
    effect: 'unknown',
    details: { usageId, model, cost: cost.amount },
  })
}

import { Igny8Error } from '../errors/igny8-error.ts'
import type { AiModel, ModelPrice } from '../model/ai.ts'
import { parseDecimal } from '../model/decimal.ts'

/** A price made ready to multiply: USD for one unit is `unitAmount / 10 ** scale` of the model. */
export interface CompiledPrice {
  readonly price: ModelPrice
  readonly unitAmount: bigint
  readonly fromMs: number
}

/** Prices of a dimension that share what they match: newest date first, then highest tier first. */
interface PriceList {
  readonly match: readonly (readonly [name: string, value: string])[]
  readonly prices: readonly CompiledPrice[]
}

/** Prices of a model, for look-ups without parsing. */
export interface CompiledModel {
  readonly scale: number
  /** Lists by dimension, the most specific first. */
  readonly dimensions: ReadonlyMap<string, readonly PriceList[]>
}

/** What a price is looked up by. */
export interface PriceLookup {
  readonly attributes: Readonly<Record<string, string>>
  readonly atMs: number
  readonly inputTokens: number
}

const compiled = new WeakMap<AiModel, CompiledModel>()

/** Once per model object; models are never changed, only replaced. Throws `INVALID_INPUT` for prices that are no exact decimals. */
export function compilePrices(model: AiModel): CompiledModel {
  const known = compiled.get(model)
  if (known !== undefined) return known
  const parsed = model.prices.map(parsePrice)
  const scale = Math.max(0, ...parsed.map((price) => price.scale))
  const dimensions = new Map<string, readonly PriceList[]>()
  for (const [dimension, group] of Map.groupBy(parsed, ({ price }) => price.dimension)) {
    const lists = [...Map.groupBy(group, ({ price }) => matchKey(price)).values()].map((prices) => ({
      match: Object.entries(prices[0]?.price.match ?? {}),
      prices: prices
        .map(({ price, units, scale: own, fromMs }) => ({
          price,
          unitAmount: units * 10n ** BigInt(scale - own),
          fromMs,
        }))
        .sort(byDateAndTier),
    }))
    dimensions.set(
      dimension,
      lists.sort((left, right) => right.match.length - left.match.length),
    )
  }
  const result = { scale, dimensions }
  compiled.set(model, result)
  return result
}

/** The price that counts; `undefined` where none does. */
export function findPrice(
  model: CompiledModel,
  dimension: string,
  { attributes, atMs, inputTokens }: PriceLookup,
): CompiledPrice | undefined {
  for (const { match, prices } of model.dimensions.get(dimension) ?? []) {
    if (!match.every(([name, value]) => attributes[name] === value)) continue
    const found = newestTier(prices, atMs, inputTokens)
    if (found !== undefined) return found
  }
  return undefined
}

/**
 * The dearest price that may come to count when what is not known yet is; `inputTokens` is the most there can be. An attribute that no price names
 * is not known either: providers make of a size or quality what the vendor has.
 */
export function findDearestPrice(
  model: CompiledModel,
  dimension: string,
  { attributes, atMs, inputTokens }: PriceLookup,
): CompiledPrice | undefined {
  const lists = model.dimensions.get(dimension) ?? []
  const named = new Set(lists.flatMap(({ match }) => match.map(([name, value]) => `${name}=${value}`)))
  const mayMatch = ([name, value]: PriceList['match'][number]) =>
    (attributes[name] ?? value) === value || !named.has(`${name}=${attributes[name]}`)
  const candidates = lists
    .filter(({ match }) => match.every(mayMatch))
    .flatMap(({ prices }) => {
      const newest = prices.find(({ fromMs }) => fromMs <= atMs)
      return prices.filter(({ price, fromMs }) => fromMs === newest?.fromMs && isReached(price, inputTokens))
    })
  return candidates.reduce<CompiledPrice | undefined>(
    (dearest, candidate) => (dearest === undefined || candidate.unitAmount > dearest.unitAmount ? candidate : dearest),
    undefined,
  )
}

function newestTier(prices: readonly CompiledPrice[], atMs: number, inputTokens: number): CompiledPrice | undefined {
  let newestMs: number | undefined
  for (const candidate of prices) {
    if (candidate.fromMs > atMs) continue
    newestMs ??= candidate.fromMs
    if (candidate.fromMs !== newestMs) return undefined
    if (isReached(candidate.price, inputTokens)) return candidate
  }
  return undefined
}

function isReached({ aboveInputTokens }: ModelPrice, inputTokens: number): boolean {
  return aboveInputTokens === 0 || inputTokens > aboveInputTokens
}

function parsePrice(price: ModelPrice) {
  const { units, scale } = parseDecimal(price.amount)
  const zeros = Math.round(Math.log10(price.per))
  const fromMs = Date.parse(`${price.effectiveFrom}T00:00:00Z`)
  if (units < 0n || !(zeros >= 0) || 10 ** zeros !== price.per || Number.isNaN(fromMs)) throw unusable(price)
  return { price, units, scale: scale + zeros, fromMs }
}

function unusable(price: ModelPrice): Igny8Error {
  return new Igny8Error({
    code: 'INVALID_INPUT',
    message: `A price of the dimension "${price.dimension.slice(0, 64)}" cannot be used.`,
    hint: 'Give a decimal amount that is not negative, a power of ten as "per", and a date such as 2026-01-31.',
    details: { field: 'prices' },
  })
}

const matchKey = ({ match }: ModelPrice): string => JSON.stringify(Object.entries(match).sort())

const byDateAndTier = (left: CompiledPrice, right: CompiledPrice): number =>
  right.fromMs - left.fromMs || right.price.aboveInputTokens - left.price.aboveInputTokens

import { Igny8Error, isIgny8Error } from '../errors/igny8-error.ts'
import type { AiModel, ModelPrice } from '../model/ai.ts'
import { addDecimals, type Decimal, formatDecimal, parseDecimal } from '../model/decimal.ts'
import {
  type CompiledModel,
  type CompiledPrice,
  compilePrices,
  findDearestPrice,
  findPrice,
  type PriceLookup,
} from './compile-prices.ts'

/** What a call used. Each unit counts once: `inputTokens` is without cached ones, `outputTokens` without `reasoningTokens`. */
export interface CostUsage {
  readonly inputTokens?: number | undefined
  readonly cachedInputTokens?: number | undefined
  readonly cacheWriteTokens?: number | undefined
  readonly outputTokens?: number | undefined
  readonly reasoningTokens?: number | undefined
  readonly images?: number | undefined
  readonly requests?: number | undefined
  /** The same by the names of price dimensions, and any other. */
  readonly units?: Readonly<Record<string, number>> | undefined
  /** What prices match on: `size`, `quality`, … */
  readonly attributes?: Readonly<Record<string, string>> | undefined
  /** USD as a decimal string, as the vendor reported it: it wins. */
  readonly reportedCost?: string | null | undefined
}

/** One part of a cost. */
export interface CostPart {
  readonly dimension: string
  readonly units: number
  /** USD as an exact decimal; `null` where there is no price. */
  readonly amount: string | null
  /** The price that counted. */
  readonly price: ModelPrice | null
}

/** What a call costs, and how sure that is. */
export interface AiCost {
  /** USD as an exact decimal; `null` when unknown. */
  readonly amount: string | null
  readonly currency: 'USD'
  readonly certainty: 'exact' | 'estimated' | 'unknown'
  /** Why it is not exact; `null` where it is. */
  readonly reason: string | null
  readonly breakdown: readonly CostPart[]
}

const dimensionNames = [
  ['inputTokens', 'input'],
  ['cachedInputTokens', 'cached_input'],
  ['cacheWriteTokens', 'cache_write'],
  ['outputTokens', 'output'],
  ['reasoningTokens', 'reasoning'],
  ['images', 'image'],
  ['requests', 'request'],
] as const

const nothing: Readonly<Record<string, never>> = {}

/**
 * What `usage` costs at the prices of `at`, as an exact decimal.
 *
 * A used dimension without a price makes the whole unknown, never 0; a price that is an estimate makes it estimated; reasoning without a price of its own costs what output does, as vendors bill it.
 * A model with a price per request counts one where `usage` says nothing. Throws `INVALID_INPUT` for negative or endless numbers.
 */
export function calculateCost(model: AiModel, usage: CostUsage, at: Date): AiCost {
  const reported = usage.reportedCost == null ? undefined : readReported(usage.reportedCost)
  if (reported !== undefined && reported !== null)
    return { amount: reported, currency: 'USD', certainty: 'exact', reason: null, breakdown: [] }
  const cost = addUp(model, usage, at, findPrice)
  if (reported !== null || cost.amount === null) return cost
  return {
    ...cost,
    certainty: 'estimated',
    reason: 'The cost that the vendor reported cannot be read; calculated by prices.',
  }
}

/** The most that a call can cost which uses at most `usage`; of attributes not given, the dearest. */
export function estimateUpperCost(model: AiModel, usage: CostUsage, at: Date): AiCost {
  const cost = addUp(model, usage, at, findDearestKind)
  return cost.amount === null
    ? cost
    : { ...cost, certainty: 'estimated', reason: 'An upper estimate, made before the call.' }
}

/** Nobody knows beforehand which tokens the vendor will count as cached, or as reasoning. */
const kinds: Readonly<Record<string, readonly string[]>> = {
  input: ['input', 'cached_input', 'cache_write'],
  output: ['output', 'reasoning'],
}

function findDearestKind(model: CompiledModel, dimension: string, lookup: PriceLookup): CompiledPrice | undefined {
  const plain = findDearestPrice(model, dimension, lookup)
  if (plain === undefined) return undefined
  return (kinds[dimension] ?? []).reduce((dearest, kind) => {
    const other = findDearestPrice(model, kind, lookup)
    return other !== undefined && other.unitAmount > dearest.unitAmount ? other : dearest
  }, plain)
}

/** The cost of a model that nobody knows. */
export function unknownModelCost(modelId: string): AiCost {
  return unknown(`No model "${modelId.slice(0, 255)}" is known.`, [])
}

function addUp(model: AiModel, usage: CostUsage, at: Date, find: typeof findPrice): AiCost {
  const compiled = compilePrices(model)
  const units = collectUnits(usage, compiled)
  if (units.length === 0) return unknown('No usage was reported.', [])
  const lookup = {
    attributes: usage.attributes ?? nothing,
    atMs: at.getTime(),
    inputTokens: sumInput(units),
  }
  let total: Decimal = { units: 0n, scale: compiled.scale }
  let unpriced: string | undefined
  let guessed: ModelPrice | undefined
  const breakdown: CostPart[] = []
  for (const [dimension, count] of units) {
    const found =
      find(compiled, dimension, lookup) ?? (dimension === 'reasoning' ? find(compiled, 'output', lookup) : undefined)
    if (found === undefined) {
      if (count === 0) continue
      unpriced ??= dimension
      breakdown.push({ dimension, units: count, amount: null, price: null })
      continue
    }
    const part = multiply(found, count, compiled.scale)
    total = addDecimals(total, part)
    if (found.price.isEstimate === true && count > 0) guessed ??= found.price
    breakdown.push({ dimension, units: count, amount: formatDecimal(part), price: found.price })
  }
  if (unpriced !== undefined)
    return unknown(`${model.id} has no price for "${unpriced}" on ${at.toISOString().slice(0, 10)}.`, breakdown)
  const sum = { amount: formatDecimal(total), currency: 'USD', breakdown } as const
  if (guessed === undefined) return { ...sum, certainty: 'exact', reason: null }
  const { dimension, source } = guessed
  return { ...sum, certainty: 'estimated', reason: `The price of "${dimension}" is an estimate: ${source}.` }
}

function collectUnits(usage: CostUsage, { dimensions }: CompiledModel): [string, number][] {
  const units: [string, number][] = []
  for (const [name, dimension] of dimensionNames) {
    const count = usage[name]
    if (count !== undefined) units.push([dimension, checked(dimension, count)])
  }
  for (const dimension in usage.units) {
    const count = usage.units[dimension]
    if (count === undefined) continue
    const twin = units.find(([name]) => name === dimension)
    if (twin === undefined) units.push([dimension, checked(dimension, count)])
    else twin[1] += checked(dimension, count)
  }
  if (units.length > 0 && dimensions.has('request') && !units.some(([dimension]) => dimension === 'request'))
    units.push(['request', 1])
  return units
}

function sumInput(units: readonly (readonly [string, number])[]): number {
  let sum = 0
  for (const [dimension, count] of units)
    if (dimension === 'input' || dimension === 'cached_input' || dimension === 'cache_write') sum += count
  return sum
}

function multiply({ unitAmount }: CompiledPrice, count: number, scale: number): Decimal {
  if (Number.isInteger(count)) return { units: unitAmount * BigInt(count), scale }
  const [mantissa = '', exponent = '0'] = String(count).split('e')
  const factor = parseDecimal(mantissa)
  return { units: unitAmount * factor.units, scale: scale + factor.scale - Number(exponent) }
}

function checked(dimension: string, count: number): number {
  if (count >= 0 && count <= Number.MAX_SAFE_INTEGER) return count
  throw new Igny8Error({
    code: 'INVALID_INPUT',
    message: `${dimension.slice(0, 64)}: is no number of units.`,
    hint: 'Give a finite number that is not negative.',
    details: { field: dimension.slice(0, 64) },
  })
}

/** `null` where it cannot be read. */
function readReported(text: string): string | null {
  try {
    const amount = parseDecimal(text)
    return amount.units < 0n ? null : formatDecimal(amount)
  } catch (error) {
    if (isIgny8Error(error)) return null
    throw error
  }
}

function unknown(reason: string, breakdown: readonly CostPart[]): AiCost {
  return { amount: null, currency: 'USD', certainty: 'unknown', reason, breakdown }
}

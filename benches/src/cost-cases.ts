/** A call whose cost was worked out by hand, at the prices that all lists agree on. */
export interface CostCase {
  readonly model: string
  readonly provider: 'openai' | 'anthropic'
  readonly input: number
  readonly cached: number
  readonly output: number
  /** USD, exactly. */
  readonly expected: string
}

/** Hand-computed: `input × price + cached × price + output × price`, in USD a million tokens. */
export const costCases: readonly CostCase[] = [
  // 1000 × 0.15 + 500 × 0.60
  { model: 'gpt-4o-mini', provider: 'openai', input: 1_000, cached: 0, output: 500, expected: '0.00045' },
  // 3 × 0.15 + 7 × 0.60
  { model: 'gpt-4o-mini', provider: 'openai', input: 3, cached: 0, output: 7, expected: '0.00000465' },
  // 1 × 0.15 + 2 × 0.075 + 0 × 0.60
  { model: 'gpt-4o-mini', provider: 'openai', input: 1, cached: 2, output: 0, expected: '0.0000003' },
  // 123,456 × 2.50 + 7,890 × 10
  { model: 'gpt-4o', provider: 'openai', input: 123_456, cached: 0, output: 7_890, expected: '0.38754' },
  // 1,000 × 2.50 + 500 × 1.25 + 100 × 10
  { model: 'gpt-4o', provider: 'openai', input: 1_000, cached: 500, output: 100, expected: '0.004125' },
  // 7 × 2.50 + 11 × 10
  { model: 'gpt-4o', provider: 'openai', input: 7, cached: 0, output: 11, expected: '0.0001275' },
]

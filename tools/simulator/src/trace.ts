import { hashText } from './create-dice.ts'

/** What happened in a seed, in order. */
export interface Trace {
  /** Numbers the next point at which something may fail. */
  point(): number
  /** Texts are made only where somebody reads them. */
  write(line: () => string): void
  readonly points: () => number
  readonly hash: () => string
  readonly lines: readonly string[]
}

/** `lines` keeps them for reading, `hash` only tells two runs apart, `none` costs nothing. */
export type Tracing = 'none' | 'hash' | 'lines'

/** Makes an empty trace. */
export function createTrace(kind: Tracing, now: () => Date): Trace {
  const lines: string[] = []
  let hash = hashText('')
  let points = 0
  return {
    lines,
    points: () => points,
    point: () => ++points,
    write(line) {
      if (kind === 'none') return
      const text = `${now().toISOString().slice(5, 23)} ${line()}`
      hash = hashText(text, hash)
      if (kind === 'lines') lines.push(text)
    },
    hash: () => (hash >>> 0).toString(16),
  }
}

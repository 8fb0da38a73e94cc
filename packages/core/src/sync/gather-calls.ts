import { nextTick } from 'node:process'

/** How calls of one kind are made. */
export interface GatheredCalls<Input, Output> {
  /** One by itself. */
  one(input: Input): Promise<Output>
  /** Several at once; their answers in order. Where it rejects, each of them does. */
  many(inputs: readonly Input[]): Promise<readonly Output[]>
}

interface Waiting<Input, Output> {
  readonly input: Input
  resolve(output: Output | PromiseLike<Output>): void
  reject(error: unknown): void
}

/**
 * Puts calls together that are made side by side: they leave as one as soon as nobody can go on without an answer, which is when no promise is left to run. Nobody waits for
 * calls that may never come.
 */
export function gatherCalls<Input, Output>(calls: GatheredCalls<Input, Output>): (input: Input) => Promise<Output> {
  let waiting: Waiting<Input, Output>[] = []

  function leave(): void {
    const leaving = waiting
    waiting = []
    const [first] = leaving
    if (first === undefined) return
    if (leaving.length === 1) return void ask(() => calls.one(first.input)).then(first.resolve, first.reject)
    ask(() => calls.many(leaving.map(({ input }) => input))).then(
      (outputs) => {
        for (const [index, { resolve }] of leaving.entries()) resolve(outputs[index] as Output)
      },
      (error: unknown) => {
        for (const { reject } of leaving) reject(error)
      },
    )
  }

  return (input) =>
    new Promise((resolve, reject) => {
      waiting.push({ input, resolve, reject })
      if (waiting.length === 1) nextTick(leave)
    })
}

/** Nobody is there to catch what a store throws at once: a host's may. */
async function ask<Answer>(call: () => Promise<Answer>): Promise<Answer> {
  return call()
}

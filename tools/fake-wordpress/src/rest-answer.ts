/** What a REST route answers, before it becomes bytes. */
export interface RestAnswer {
  readonly status: number
  readonly headers: Readonly<Record<string, string>>
  readonly body: unknown
}

export function answer(body: unknown, headers: Readonly<Record<string, string>> = {}, status = 200): RestAnswer {
  return { status, headers, body }
}

export function refusal(status: number, code: string, message: string, data: object = {}): RestAnswer {
  return answer({ code, message, data: { status, ...data } }, {}, status)
}

interface Refusal extends Error {
  readonly restAnswer: RestAnswer
}

/** Ends a request from deep inside with an error of WordPress. */
export function fail(status: number, code: string, message: string, data: object = {}): never {
  throw failWith(refusal(status, code, message, data))
}

export function failWith(restAnswer: RestAnswer): Error {
  return Object.assign(new Error('The fake WordPress refuses this.'), { restAnswer })
}

/** The answer inside of an error that `fail` threw; anything else is a mistake of the fake and is thrown on. */
export function answerOf(error: unknown): RestAnswer {
  if (error instanceof Error && 'restAnswer' in error) return (error as Refusal).restAnswer
  throw error
}

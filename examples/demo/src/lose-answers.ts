/** A network that can fail at the worst moment. */
export interface ForgetfulNetwork {
  readonly fetch: typeof globalThis.fetch
  /** The next new post is made on the site, and its answer never arrives. */
  loseNextCreate(): void
  /** Answers lost so far. */
  lost(): number
}

export function createForgetfulNetwork(): ForgetfulNetwork {
  let armed = false
  let lost = 0
  return {
    async fetch(input, init) {
      const answer = await globalThis.fetch(input, init)
      const isCreate = init?.method === 'POST' && /\/wp\/v2\/posts\?/.test(String(input))
      if (!armed || !isCreate) return answer
      armed = false
      lost++
      await answer.body?.cancel()
      throw new TypeError('fetch failed', { cause: Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' }) })
    },
    loseNextCreate() {
      armed = true
    },
    lost: () => lost,
  }
}

import type { CallOptions } from '@igny8/core'
import { isIgny8Error } from '@igny8/core/adapter-kit'

/** One run at a time, shared by whoever calls meanwhile. Where the caller who began it gives up, it is begun again for the others. */
export function shareRun<Value>(
  run: (options?: CallOptions) => Promise<Value>,
): (options?: CallOptions) => Promise<Value> {
  let running: Promise<Value> | null = null

  return async function runShared(options) {
    const isOwn = running === null
    running ??= run(options).finally(() => {
      running = null
    })
    try {
      return await running
    } catch (error) {
      const othersGaveUp = !isOwn && isIgny8Error(error) && error.code === 'CANCELLED'
      if (!othersGaveUp || options?.signal?.aborted === true) throw error
      return runShared(options)
    }
  }
}

import { setTimeout } from 'node:timers/promises'
import type { Account } from '@igny8/core'
import { openSdk, type SdkOptions } from './open-sdk.ts'

/** What the parent is told. */
export interface PullProgress {
  /** Items that are stored. */
  readonly stored: number
}

// A process that pulls a site, and is killed while it does. Started by `kill-and-continue.ts`, which sends what to work on.
process.once('message', (message: SdkOptions & { readonly integrationId: string }) => void pull(message))
process.once('disconnect', () => process.exit())

/** Ends by itself only where nobody kills it in time, which the parent takes for a failure. */
async function pull({ integrationId, ...options }: SdkOptions & { readonly integrationId: string }): Promise<void> {
  const { igny8 } = openSdk(options)
  await igny8.start()
  const account = igny8.forAccount('demo')
  void tellFirstItems(account)
  await account.sync.pull({ integrationId })
  process.exit()
}

/** Asks only once the last answer is there: on a slow machine questions that pile up would leave no time to pull. */
async function tellFirstItems(account: Account): Promise<void> {
  for (;;) {
    const { count } = await account.content.list({ limit: 1 })
    if (count > 0) return void process.send?.({ stored: count } satisfies PullProgress)
    await setTimeout(20)
  }
}

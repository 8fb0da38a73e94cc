import { openSdk, type SdkOptions } from './open-sdk.ts'

/** What the parent is told: how far the pull is. */
export interface PullProgress {
  readonly done: number
  readonly total: number | null
}

// A process that pulls a site, and is killed while it does. Started by `kill-and-continue.ts`, which sends what to work on.
process.once('message', (message: SdkOptions & { readonly integrationId: string }) => void pull(message))
process.once('disconnect', () => process.exit())

async function pull({ integrationId, ...options }: SdkOptions & { readonly integrationId: string }): Promise<void> {
  const { igny8 } = openSdk(options)
  await igny8.start()
  const account = igny8.forAccount('demo')
  setInterval(async () => {
    const { run } = await account.sync.status(integrationId)
    if (run?.phase.startsWith('content:')) process.send?.({ done: run.done, total: run.total } satisfies PullProgress)
  }, 20)
  await account.sync.pull({ integrationId })
  process.send?.({ done: Number.POSITIVE_INFINITY, total: null } satisfies PullProgress)
}

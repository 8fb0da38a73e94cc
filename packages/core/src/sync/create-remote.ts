import { createHmac } from 'node:crypto'
import { Igny8Error, isIgny8Error } from '../errors/igny8-error.ts'
import type { Content } from '../model/content.ts'
import type { PushIntent } from '../model/push-intent.ts'
import type { RemoteContent, RemoteWrite } from '../ports/platform-content.ts'
import type { SyncContext } from './sync-context.ts'

/** Longer than a request can live: only then may the marker's absence be believed. */
const settleMs = 45_000

/** The slug under which a create starts: nobody else would choose it, and it can be made again after any crash. */
export function createMarker(siteKey: string, contentId: string): string {
  return `igny8-${createHmac('sha256', siteKey).update(contentId).digest('hex').slice(0, 32)}`
}

/**
 * Creates the item as a draft under its marker, or adopts the one that an earlier attempt left behind. In doubt it looks before it
 * acts: a second create happens only when the settle time has passed and no draft is found.
 */
export async function createOrAdopt(
  sync: SyncContext,
  content: Content,
  intent: PushIntent,
  write: RemoteWrite,
): Promise<{ readonly remote: RemoteContent; readonly intent: PushIntent }> {
  const { account, client } = sync
  const lookUp = async () =>
    (await client.content.findByMarker({ type: content.type, marker: intent.marker }, { signal: sync.signal }))[0]
  if (intent.unresolvedSince !== null) {
    const found = await lookUp()
    if (found !== undefined) return adopt(sync, intent, found)
    const waitMs = (intent.settleAt?.getTime() ?? 0) - account.clock.now().getTime()
    if (waitMs > 0) throw unsettled(waitMs)
  }
  const now = account.clock.now()
  const asked = await saveIntent(sync, {
    ...intent,
    unresolvedSince: now,
    settleAt: new Date(now.getTime() + settleMs),
  })
  try {
    const remote = await client.content.create(
      { type: content.type, fields: { ...write, slug: intent.marker, state: 'draft' } },
      { signal: sync.signal },
    )
    return adopt(sync, asked, remote)
  } catch (error) {
    if (!isIgny8Error(error) || error.effect === 'none') {
      await saveIntent(sync, { ...asked, unresolvedSince: null, settleAt: null })
      throw error
    }
    const found = await lookUp().catch(() => undefined)
    if (found === undefined) throw error
    return adopt(sync, asked, found)
  }
}

async function adopt(sync: SyncContext, intent: PushIntent, remote: RemoteContent) {
  const adopted = await saveIntent(sync, {
    ...intent,
    externalId: remote.externalId,
    unresolvedSince: null,
    settleAt: null,
  })
  return { remote, intent: adopted }
}

/** Writes the intent's next state; somebody else's write in between means that the work is theirs. */
export async function saveIntent(sync: SyncContext, intent: PushIntent): Promise<PushIntent> {
  const next = { ...intent, version: intent.version + 1, updatedAt: sync.account.clock.now() }
  if (await sync.account.storage.intents.put(next)) return next
  throw new Igny8Error({
    code: 'LEASE_LOST',
    message: 'Another process is pushing this content.',
    hint: 'Nothing to do: the other process carries on.',
    retryable: true,
  })
}

function unsettled(waitMs: number): Igny8Error {
  return new Igny8Error({
    code: 'REMOTE_FAILED',
    message: 'An earlier create got no answer, and it may still arrive.',
    hint: 'Push again later; a second item is never created.',
    retryable: true,
    retryAfterMs: waitMs,
    effect: 'unknown',
  })
}

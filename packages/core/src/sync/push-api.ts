import { parseInput } from '../errors/parse-input.ts'
import type { AccountContext } from '../ports/account-context.ts'
import { type ManyOutcome, pushMany } from './push-many.ts'
import { createOnePush, type PushOutcome } from './push-one.ts'
import type { SyncContext } from './sync-context.ts'
import {
  type PushInput,
  type PushManyInput,
  pushManySchema,
  pushSchema,
  type UnpublishInput,
  unpublishSchema,
} from './sync-schemas.ts'

/** Sending contents to sites. */
export interface PushApi {
  /**
   * Pushes approved content to `integrationId`, else to every active integration of the site. Of several, the outcomes are told apart; the failure of the only one throws:
   * `NOT_APPROVED`, `CONFLICT_OPEN`, `UNSUPPORTED` for a type, a term or a body that the site does not take, or what the site answered. What failed is tried again by the
   * next `run`, while the content stays approved.
   */
  push(input: PushInput): Promise<readonly PushOutcome[]>
  /**
   * Pushes up to 1,000 approved contents, many in a request where the platform takes that. Every content has its outcome on every active integration of its site; a failure of
   * one does not stop the others, one that concerns the whole site does. Throws for unknown ids before anything is sent.
   */
  pushMany(input: PushManyInput): Promise<readonly ManyOutcome[]>
  /** Takes content off the public site: it becomes a draft there, and here `approved` again, or `draft`. Sends nothing else. */
  unpublish(input: UnpublishInput): Promise<readonly PushOutcome[]>
}

export function createPushApi(context: AccountContext): PushApi {
  const { open, load, integrationsOf, pushOne } = createOnePush(context)

  return {
    async push(input) {
      const { contentId, as, ...requested } = parseInput(pushSchema, input)
      return pushOne(contentId, as, requested)
    },
    async pushMany(input) {
      const { contentIds, as, ...requested } = parseInput(pushManySchema, input)
      const bySite = new Map<string, string[]>()
      for (const contentId of new Set(contentIds)) {
        const { siteId } = await load(contentId)
        bySite.set(siteId, [...(bySite.get(siteId) ?? []), contentId])
      }
      const targets: { readonly sync: SyncContext; readonly ids: readonly string[] }[] = []
      for (const [siteId, ids] of bySite) {
        const integrationIds =
          requested.integrationId === undefined ? await integrationsOf(siteId) : [requested.integrationId]
        for (const integrationId of integrationIds) targets.push({ sync: await open(integrationId, requested), ids })
      }
      const outcomes: ManyOutcome[] = []
      for (const { sync, ids } of targets) {
        const inputs = ids.map((contentId) => ({ contentId, as }))
        await context.foreseePushes(sync.integration.id)
        await pushMany(sync, inputs, async (outcome) => void outcomes.push(outcome))
      }
      return outcomes
    },
    async unpublish(input) {
      const { contentId, ...requested } = parseInput(unpublishSchema, input)
      return pushOne(contentId, 'unpublish', requested)
    },
  }
}

import { aiOperations, platformOperations } from './ai-operations.ts'
import { calendarOperations } from './calendar-operations.ts'
import { contentOperations } from './content-operations.ts'
import { imageOperations } from './image-operations.ts'
import { integrationOperations } from './integration-operations.ts'
import type { Operation } from './operation.ts'
import { publishingOperations } from './publishing-operations.ts'
import { queueOperations } from './queue-operations.ts'
import { syncOperations } from './sync-operations.ts'
import { taxonomyOperations } from './taxonomy-operations.ts'
import { webhookOperations } from './webhook-operations.ts'

/** The table of all operations. Those that hold for all accounts are among them only where the host mounts them. */
export function listOperations(mounted: { readonly platform: boolean }): readonly Operation[] {
  return [
    ...integrationOperations,
    ...syncOperations,
    ...webhookOperations,
    ...contentOperations,
    ...taxonomyOperations,
    ...imageOperations,
    ...publishingOperations,
    ...queueOperations,
    ...calendarOperations,
    ...aiOperations,
    ...(mounted.platform ? platformOperations : []),
  ]
}

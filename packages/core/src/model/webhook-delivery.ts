/** A received webhook: a hint that something changed, made durable before the answer. */
export interface WebhookDelivery {
  /** The sender's id where signed (unique per integration), else ours. */
  readonly id: string
  readonly accountId: string
  readonly integrationId: string
  readonly action: string
  readonly externalId: string
  readonly externalType: string | null
  readonly signed: boolean
  readonly receivedAt: Date
}

/** An external id that somebody said has changed. Cleared by the transaction that applied its state. */
export interface DirtyItem {
  readonly integrationId: string
  readonly externalId: string
  readonly externalType: string | null
  /** The newest hint; clearing compares with it, so that a hint that came meanwhile survives. Each hint moves it on, whatever the clocks say. */
  readonly dirtySince: Date
  /** After a failure, when to try again; `null` at once. A new hint sets it back. */
  readonly retryAt: Date | null
}

/** How a process of the fleet is started. */
export interface FleetWorkerSettings {
  readonly url: string
  readonly password: string
  readonly encryption: { readonly keys: readonly { readonly id: string; readonly secret: string }[] }
}

/** A site of an account of its own. */
export interface FleetSite {
  readonly accountId: string
  readonly siteId: string
  readonly integrationId: string
  readonly url: string
}

/** What a process of the fleet is told. */
export type FleetOrder =
  | { readonly kind: 'start'; readonly sites: readonly FleetSite[] }
  /** The site's platform is not needed any more. */
  | { readonly kind: 'forget'; readonly site: string }
  | { readonly kind: 'stop' }

/** What a process of the fleet tells. */
export type FleetWord =
  | { readonly kind: 'ready' }
  | { readonly kind: 'sample'; readonly heapBytes: number; readonly residentBytes: number }
  | { readonly kind: 'creates'; readonly creates: readonly (readonly [site: string, title: string])[] }
  | { readonly kind: 'ended'; readonly integrationId: string; readonly status: string; readonly failed: number }

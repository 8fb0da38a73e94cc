/** How a process of the fleet is started. */
export interface FleetWorkerSettings {
  readonly url: string
  readonly password: string
  readonly encryption: { readonly keys: readonly { readonly id: string; readonly secret: string }[] }
  /** Between two samples: each collects garbage first, which a big fleet is not to be measured by. */
  readonly sampleEveryMs: number
}

/** What a process of the fleet is at a moment. */
export interface FleetSample {
  /** What is held after a collection. */
  readonly heapBytes: number
  readonly residentBytes: number
  /** Since its start, in this process; those of PostgreSQL are not in it. */
  readonly cpuMs: number
  /** Sent to PostgreSQL since its start, with those of the job queue; a transaction begins with a script, which counts as one. */
  readonly statements: number
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
  | ({ readonly kind: 'sample' } & FleetSample)
  | { readonly kind: 'creates'; readonly creates: readonly (readonly [site: string, title: string])[] }
  | { readonly kind: 'ended'; readonly integrationId: string; readonly status: string; readonly failed: number }

/**
 * Who may import whom. Change the tables here, and nothing else, when the architecture changes.
 *
 * An area of core is a folder of `packages/core/src`, or a file right under it without its `.ts`.
 */

/** Folders of core that each hold one capability: they meet in `create-igny8.ts` only. */
const capabilities = [
  'accounts',
  'ai',
  'connections',
  'content',
  'images',
  'jobs',
  'publishing',
  'security',
  'sites',
  'sync',
  'taxonomies',
  'webhooks',
] as const

const ground = ['errors', 'model', 'ports']

/** What each area of core may import besides itself. An area without a row may import nothing, and is reported. */
export const coreRules: Readonly<Record<string, readonly string[]>> = {
  errors: [],
  model: ['errors'],
  ports: ['errors', 'model'],
  'adapter-kit': ground,
  // Suites reach what they test through its port alone; an HTTP client and a secret are what they hand to an adapter.
  testing: [...ground, 'adapter-kit', 'security'],
  ...Object.fromEntries(capabilities.map((capability) => [capability, ground])),
  // The queue that comes along is an adapter of its port, as those in packages are.
  jobs: [...ground, 'adapter-kit'],
  // The composition root, and the parts of it that have a file of their own.
  'create-igny8': [
    ...ground,
    'adapter-kit',
    ...capabilities,
    'background',
    'check-options',
    'create-account',
    'outbox',
    'publish-parts',
    'read-health',
    'trace-calls',
  ],
  background: [...ground, ...capabilities, 'trace-calls'],
  'check-options': ground,
  'combine-storage': ground,
  'create-account': [...ground, ...capabilities, 'publish-parts'],
  'publish-parts': [...ground, ...capabilities],
  outbox: ground,
  'read-health': ground,
  'trace-calls': ground,
  // Names only.
  index: [
    ...ground,
    ...capabilities,
    'background',
    'combine-storage',
    'create-igny8',
    'create-account',
    'outbox',
    'read-health',
  ],
}

/** What a test in core may import besides what its source may. */
export const coreTestRules: readonly string[] = ['testing', 'adapter-kit', 'security']

/** Packages of ours that each package may import; `*` is every package without a row. */
export const packageRules: Readonly<Record<string, readonly string[]>> = {
  core: [],
  '*': ['@igny8/core'],
}

/** Packages of ours that the tests of a package may import besides. */
export const packageTestRules: Readonly<Record<string, readonly string[]>> = {
  core: ['@igny8/storage-memory'],
  '*': ['@igny8/storage-memory'],
}

/** What is heavy loads at first use: in core by `import()` only, types excepted. */
export const lazyPackages: readonly string[] = ['croner', 'jose', 'temporal-polyfill', 'undici']

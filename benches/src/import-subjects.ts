/** What is imported, and timed, together. */
export interface ImportSubject {
  readonly name: string
  readonly specifiers: readonly [string, ...string[]]
  /** A function that the first must export, so that an empty build is not taken for a fast one. */
  readonly proof: string
}

/** Our entries, and packages that hosts of this kind import today. */
export const importSubjects: readonly ImportSubject[] = [
  { name: '@igny8/core', specifiers: ['@igny8/core'], proof: 'createIgny8' },
  { name: '@igny8/core/adapter-kit', specifiers: ['@igny8/core/adapter-kit'], proof: 'createHttpClient' },
  { name: '@igny8/wordpress', specifiers: ['@igny8/wordpress'], proof: 'createWordPressAdapter' },
  { name: '@igny8/storage-memory', specifiers: ['@igny8/storage-memory'], proof: 'createMemoryStorage' },
  {
    name: 'core, wordpress and storage-memory',
    specifiers: ['@igny8/core', '@igny8/wordpress', '@igny8/storage-memory'],
    proof: 'createIgny8',
  },
  { name: 'openai', specifiers: ['openai'], proof: 'default' },
  { name: '@nangohq/node', specifiers: ['@nangohq/node'], proof: 'Nango' },
  { name: 'wpapi', specifiers: ['wpapi'], proof: 'default' },
]

import type { Migration } from './migration.ts'

const text = 'text collate "C"'

export const publishingMode: Migration = {
  number: 5,
  name: 'publishing mode',
  statements: [
    `alter table publishing_settings add column mode ${text} not null default 'tick'`,
    // Digests of the keys that open calendar feeds.
    `alter table publishing_settings add column calendar_key_hash ${text}`,
  ],
}

import type { Migration } from './migration.ts'

const text = 'text collate "C"'

export const assets: Migration = {
  number: 4,
  name: 'assets',
  statements: [
    `create table assets (account_id ${text}, hash ${text}, media_type ${text} not null, bytes bytea not null,
      primary key (account_id, hash))`,
    // Images are compressed already.
    'alter table assets alter column bytes set storage external',
  ],
}

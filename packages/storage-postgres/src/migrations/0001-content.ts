import type { Migration } from './migration.ts'

/** Collated by bytes: the same order on every server, whatever its locale. */
const text = 'text collate "C"'
const versioned = 'version bigint not null, created_at timestamptz(3) not null, updated_at timestamptz(3) not null'
const fields = `title ${text} not null, body ${text} not null, body_format ${text} not null, excerpt ${text} not null, slug ${text},
  taxonomy_ids json not null, featured_image_id ${text}, meta json not null`

export const content: Migration = {
  number: 1,
  name: 'content',
  statements: [
    `create table sites (account_id ${text}, id ${text}, name ${text} not null, url ${text} not null, timezone ${text},
      wp_api_key ${text}, site_key ${text} not null, ${versioned}, primary key (account_id, id))`,
    'create index sites_by_url on sites (account_id, url)',
    'create index sites_by_age on sites (account_id, created_at, id)',

    `create table integrations (account_id ${text}, id ${text}, site_id ${text} not null, platform ${text} not null,
      external_site_url ${text} not null, is_active boolean not null, sync_enabled boolean not null,
      last_sync_at timestamptz(3), sync_status ${text} not null, sync_error ${text}, connection_status ${text} not null,
      config json not null, credentials ${text}, webhook_secrets json not null, paused_reason ${text},
      paused_until timestamptz(3), trusted_until timestamptz(3), next_sync_at timestamptz(3), removed_at timestamptz(3),
      ${versioned}, primary key (account_id, id), unique (account_id, platform, external_site_url))`,
    'create index integrations_by_age on integrations (account_id, created_at, id)',
    'create index integrations_of_url on integrations (platform, external_site_url) where removed_at is null',
    'create index integrations_of_id on integrations (id) where removed_at is null',
    'create index integrations_due on integrations (next_sync_at) where is_active and removed_at is null',

    `create table contents (account_id ${text}, id ${text}, site_id ${text} not null, type ${text} not null, ${fields},
      status ${text} not null, origin ${text} not null, pending_changes boolean not null, approved_hash ${text},
      approved_at timestamptz(3), published_at timestamptz(3), removed_at timestamptz(3), ${versioned},
      title_folded ${text} not null, primary key (account_id, id))`,
    'create index contents_by_age on contents (account_id, created_at, id)',
    'create index contents_by_change on contents (account_id, updated_at, id)',
    'create index contents_of_site on contents (account_id, site_id, status)',

    `create table content_versions (account_id ${text}, content_id ${text}, version bigint, actor ${text} not null,
      created_at timestamptz(3) not null, ${fields}, primary key (account_id, content_id, version))`,

    `create table taxonomies (account_id ${text}, id ${text}, site_id ${text} not null, type ${text} not null,
      name ${text} not null, slug ${text}, description ${text} not null, parent_id ${text}, removed_at timestamptz(3),
      ${versioned}, name_folded ${text} not null, primary key (account_id, id))`,
    'create index taxonomies_of_site on taxonomies (account_id, site_id, type)',

    `create table images (account_id ${text}, id ${text}, site_id ${text} not null, image_url ${text} not null,
      alt ${text} not null, title ${text} not null, content_hash ${text}, media_type ${text}, ${versioned},
      primary key (account_id, id))`,
    'create index images_by_age on images (account_id, created_at, id)',
    'create index images_of_site on images (account_id, site_id)',
  ],
}

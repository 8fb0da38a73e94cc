import type { Migration } from './migration.ts'

const text = 'text collate "C"'
const versioned = 'version bigint not null, created_at timestamptz(3) not null, updated_at timestamptz(3) not null'

export const sync: Migration = {
  number: 2,
  name: 'sync',
  statements: [
    `create table links (account_id ${text}, integration_id ${text}, kind ${text}, local_id ${text},
      external_id ${text} not null, external_type ${text} not null, local_base json, remote_base json, remote_hash ${text},
      remote_modified_at timestamptz(3), remote_status ${text}, remote_url ${text}, racy boolean not null,
      verified_at timestamptz(3), seen_at timestamptz(3), deleted_at timestamptz(3), ${versioned},
      primary key (account_id, integration_id, kind, local_id), unique (account_id, integration_id, kind, external_id))`,
    'create index links_of_local on links (account_id, local_id, kind)',
    `create index links_by_verification on links (account_id, integration_id, verified_at nulls first, local_id)
      where kind = 'content' and deleted_at is null`,

    `create table push_intents (account_id ${text}, integration_id ${text}, content_id ${text}, id ${text} not null,
      content_version bigint not null, "as" ${text} not null, action ${text} not null, marker ${text} not null,
      external_id ${text}, unresolved_since timestamptz(3), settle_at timestamptz(3), sent json, replaced json,
      draft_hash ${text}, finished_at timestamptz(3), ${versioned}, primary key (account_id, integration_id, content_id))`,
    'create index push_intents_by_marker on push_intents (account_id, integration_id, marker)',

    `create table conflicts (account_id ${text}, id ${text}, integration_id ${text} not null, content_id ${text} not null,
      external_id ${text} not null, status ${text} not null, fields json not null, content_version bigint not null,
      remote_hash ${text} not null, resolution json, resolved_by ${text}, resolved_at timestamptz(3), ${versioned},
      primary key (account_id, id))`,
    `create unique index conflicts_open on conflicts (account_id, integration_id, content_id) where status = 'open'`,
    'create index conflicts_by_age on conflicts (account_id, created_at, id)',

    `create table pull_states (account_id ${text}, integration_id ${text}, scope ${text}, first_pull_offset bigint,
      mark timestamptz(3), reread_ids json not null, timezone ${text}, swept_at timestamptz(3), sweep json,
      version bigint not null, updated_at timestamptz(3) not null, primary key (account_id, integration_id, scope))`,

    `create table sync_runs (account_id ${text}, id ${text}, integration_id ${text} not null, kind ${text} not null,
      trigger ${text} not null, actor ${text} not null, status ${text} not null, phase ${text} not null,
      done bigint not null, total bigint, counts json not null, error_code ${text}, error_message ${text},
      error_hint ${text}, started_at timestamptz(3) not null, heartbeat_at timestamptz(3) not null,
      finished_at timestamptz(3), primary key (account_id, id))`,
    'create index sync_runs_of_integration on sync_runs (account_id, integration_id, started_at, id)',
    `create index sync_runs_silent on sync_runs (heartbeat_at) where status = 'running'`,

    `create table sync_events (account_id ${text}, id ${text}, integration_id ${text} not null, run_id ${text},
      event_type ${text} not null, direction ${text} not null, content_type ${text} not null, content_id ${text},
      external_id ${text}, status ${text} not null, error_code ${text}, error_message ${text}, actor ${text} not null,
      metadata json not null, created_at timestamptz(3) not null, primary key (account_id, id))`,
    'create index sync_events_by_age on sync_events (account_id, created_at, id)',
    'create index sync_events_of_integration on sync_events (account_id, integration_id, created_at, id)',
    'create index sync_events_of_content on sync_events (account_id, content_id, created_at, id)',

    `create table webhook_deliveries (account_id ${text}, integration_id ${text}, id ${text}, action ${text} not null,
      external_id ${text} not null, external_type ${text}, signed boolean not null, received_at timestamptz(3) not null,
      primary key (account_id, integration_id, id))`,
    'create index webhook_deliveries_by_age on webhook_deliveries (account_id, integration_id, received_at)',

    `create table dirty_items (account_id ${text}, integration_id ${text}, external_id ${text}, external_type ${text},
      dirty_since timestamptz(3) not null, retry_at timestamptz(3), primary key (account_id, integration_id, external_id))`,
    'create index dirty_items_by_hint on dirty_items (account_id, integration_id, dirty_since, external_id)',

    'create sequence lease_tokens',
    `create table leases (account_id ${text}, key ${text}, owner ${text} not null, token bigint not null,
      expires_at timestamptz(3) not null, primary key (account_id, key))`,

    `create table outbox (account_id ${text}, id ${text}, type ${text} not null, subject_id ${text} not null,
      data json not null, created_at timestamptz(3) not null, position bigint generated always as identity,
      primary key (account_id, id))`,
    'create index outbox_by_age on outbox (created_at, position)',
    'create index outbox_of_id on outbox (id)',
  ],
}

import type { Migration } from './migration.ts'

const text = 'text collate "C"'
const stamps = 'created_at timestamptz(3) not null, updated_at timestamptz(3) not null'

export const publishingAndAi: Migration = {
  number: 3,
  name: 'publishing and AI',
  statements: [
    `create table publishing_settings (account_id ${text}, site_id ${text}, auto_approval_enabled boolean not null,
      auto_publish_enabled boolean not null, daily_publish_limit bigint, weekly_publish_limit bigint,
      monthly_publish_limit bigint, publish_days json not null, publish_time_slots json, timezone ${text},
      min_gap_minutes bigint not null, distribution ${text} not null, catch_up ${text} not null,
      week_start ${text} not null, count ${text} not null, version bigint not null, ${stamps},
      primary key (account_id, site_id))`,

    `create table queue_entries (account_id ${text}, content_id ${text}, site_id ${text} not null,
      priority bigint not null, approved_at timestamptz(3) not null, pinned_at timestamptz(3), status ${text} not null,
      attempts bigint not null, not_before timestamptz(3), last_error_code ${text}, version bigint not null, ${stamps},
      primary key (account_id, content_id))`,
    `create index queue_entries_by_priority on queue_entries (account_id, site_id, (-priority), approved_at, content_id)`,

    `create table publications (account_id ${text}, content_id ${text}, id ${text} not null, site_id ${text} not null,
      status ${text} not null, counted_at timestamptz(3) not null, pinned boolean not null, forced_reason ${text},
      ${stamps}, primary key (account_id, content_id))`,
    'create index publications_of_site on publications (account_id, site_id, counted_at)',

    `create table ai_settings (account_id ${text} primary key, api_keys json not null, default_text_model ${text},
      default_image_model ${text}, default_image_provider ${text}, daily_budget ${text}, monthly_budget ${text},
      version bigint not null, updated_at timestamptz(3) not null)`,

    `create table ai_models (account_id ${text}, id ${text}, wire_id ${text} not null, provider ${text} not null,
      type ${text} not null, context_tokens bigint, max_output_tokens bigint, capabilities json not null,
      prices json not null, deprecated_from ${text}, primary key (account_id, id))`,

    `create table ai_usage (account_id ${text}, id ${text}, provider ${text} not null, model ${text} not null,
      kind ${text} not null, status ${text} not null, units json not null, cost numeric, certainty ${text} not null,
      reason ${text}, created_at timestamptz(3) not null, settled_at timestamptz(3), primary key (account_id, id))`,
    'create index ai_usage_by_age on ai_usage (account_id, created_at, id)',
    `create index ai_usage_open on ai_usage (created_at) where status = 'reserved'`,
  ],
}

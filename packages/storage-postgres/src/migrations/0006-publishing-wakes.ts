import type { Migration } from './migration.ts'

const text = 'text collate "C"'

/** Whatever writes to the queue or the settings of a site, makes it due: triggers, so that no way of writing can forget it. */
export const publishingWakes: Migration = {
  number: 6,
  name: 'publishing wakes',
  statements: [
    `create table publishing_wakes (account_id ${text}, site_id ${text}, version bigint not null,
      due_at timestamptz(3) not null, primary key (account_id, site_id))`,
    'create index publishing_wakes_by_time on publishing_wakes (due_at)',
    `insert into publishing_wakes select account_id, site_id, 1, to_timestamp(0) from queue_entries
      union select account_id, site_id, 1, to_timestamp(0) from publishing_settings`,
    `create function wake_site() returns trigger language plpgsql as $$ begin
        if tg_op = 'DELETE' then
          execute format('update %I.publishing_wakes set version = version + 1, due_at = to_timestamp(0)
            where account_id = $1 and site_id = $2', tg_table_schema) using old.account_id, old.site_id;
        else
          execute format('insert into %I.publishing_wakes as stored values ($1, $2, 1, to_timestamp(0))
            on conflict (account_id, site_id) do update set version = stored.version + 1, due_at = to_timestamp(0)',
            tg_table_schema) using new.account_id, new.site_id;
        end if;
        return null;
      end $$`,
    `create trigger queue_entries_wake after insert or update or delete on queue_entries
      for each row execute function wake_site()`,
    `create trigger publishing_settings_wake after insert or update on publishing_settings
      for each row execute function wake_site()`,
  ],
}

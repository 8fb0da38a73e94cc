import type { RunningWordPress } from '@igny8-tools/wordpress'

const layOut = `
  foreach (['posts', 'postmeta', 'term_relationships', 'comments'] as $table) $wpdb->query("DELETE FROM {$wpdb->$table}");
  update_option('timezone_string', $args['zone']);
  $local = get_date_from_gmt($args['gmt']);
  $ids = [];
  foreach (range(1, $args['count']) as $number) {
    $wpdb->insert($wpdb->posts, [
      'post_author' => 1, 'post_type' => 'post', 'post_status' => 'publish', 'post_title' => "Row $number", 'post_name' => "row-$number",
      'post_content' => 'Laid', 'post_excerpt' => '', 'to_ping' => '', 'pinged' => '', 'post_content_filtered' => '',
      'post_date' => $local, 'post_date_gmt' => $args['gmt'], 'post_modified' => $local, 'post_modified_gmt' => $args['gmt'],
    ]);
    $ids[] = (string) $wpdb->insert_id;
  }
  echo json_encode($ids);`

const stamp = `
  foreach ($args['rows'] as $row) {
    $wpdb->update($wpdb->posts, [
      'post_title' => $row['title'], 'post_modified' => get_date_from_gmt($row['gmt']), 'post_modified_gmt' => $row['gmt'],
    ], ['ID' => (int) $row['id']]);
  }
  echo 1;`

/** A row as somebody edited it at an instant. */
export interface StampedRow {
  readonly id: string
  readonly title: string
  readonly at: Date
}

/** A site of posts alone, all of one past second, in a zone. */
export interface LaidOutSite {
  /** The posts, oldest first; only the last hundred are among the newest that every pull looks at. */
  readonly ids: readonly string[]
  /** Edits posts as they would have been at the given instants, in the zone that the site has now. */
  stamp(rows: readonly StampedRow[]): Promise<void>
  /** Somebody with the rights of an editor, over REST. */
  edit(route: string, fields: object): Promise<{ readonly id: number; readonly modified_gmt: string }>
}

export interface LayOutOptions {
  readonly count?: number
  readonly zone?: string
  readonly at?: Date
}

/** Replaces all posts of the site. The default of 130 leaves 30 that are not among the newest hundred. */
export async function layOutPosts(wordpress: RunningWordPress, options: LayOutOptions = {}): Promise<LaidOutSite> {
  const { count = 130, zone = 'America/New_York', at = hoursAgo(72) } = options
  const ids = (await wordpress.php(layOut, { count, zone, gmt: mapDateToSql(at) })) as readonly string[]
  const { username, applicationPassword } = wordpress.users.editor
  const authorization = `Basic ${Buffer.from(`${username}:${applicationPassword}`).toString('base64')}`
  return {
    ids,
    async stamp(rows) {
      await wordpress.php(stamp, {
        rows: rows.map(({ id, title, at: time }) => ({ id, title, gmt: mapDateToSql(time) })),
      })
    },
    async edit(route, fields) {
      const headers = { authorization, 'content-type': 'application/json', connection: 'close' }
      const url = `${wordpress.url}/wp-json/wp/v2/${route}`
      const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(fields) })
      if (!answer.ok) throw new Error(`${route}: ${answer.status} ${await answer.text()}`)
      return (await answer.json()) as { id: number; modified_gmt: string }
    },
  }
}

/** A whole second in the past. */
export function hoursAgo(hours: number): Date {
  return new Date(Math.floor(Date.now() / 1000) * 1000 - hours * 3_600_000)
}

function mapDateToSql(date: Date): string {
  return date.toISOString().slice(0, 19).replace('T', ' ')
}

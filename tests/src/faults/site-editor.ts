import type { RunningWordPress } from '@igny8-tools/wordpress'

/** A person who works on the site itself, past the proxy. */
export interface SiteEditor {
  createPost(fields: Readonly<Record<string, unknown>>): Promise<number>
  updatePost(id: number, fields: Readonly<Record<string, unknown>>): Promise<void>
  trashPost(id: number): Promise<void>
  deletePost(id: number): Promise<void>
  createTerm(taxonomy: 'categories' | 'tags', name: string): Promise<number>
  /** Takes everything off the site that a scenario may have left. */
  wipe(): Promise<void>
}

/** Deleting a hundred posts over REST takes longer than a whole scenario. */
const wipeSource = `
add_action('rest_api_init', static function () {
    register_rest_route('igny8-tests/v1', '/wipe', [
        'methods' => 'POST',
        'permission_callback' => static fn () => current_user_can('manage_options'),
        'callback' => static function () {
            global $wpdb;
            $wpdb->query("DELETE FROM {$wpdb->posts} WHERE post_type IN ('post', 'page', 'attachment', 'revision')");
            $wpdb->query("DELETE FROM {$wpdb->postmeta}");
            $wpdb->query("DELETE FROM {$wpdb->term_relationships}");
            $wpdb->query("DELETE FROM {$wpdb->term_taxonomy} WHERE term_id <> 1 AND taxonomy IN ('category', 'post_tag')");
            $wpdb->query("DELETE FROM {$wpdb->terms} WHERE term_id <> 1");
            delete_option('category_children');
            wp_cache_flush();
            return true;
        },
    ]);
});
`

export async function createSiteEditor(wordpress: RunningWordPress): Promise<SiteEditor> {
  await wordpress.installMuPlugin('wipe', wipeSource)
  const { username, applicationPassword } = wordpress.users.admin
  const authorization = `Basic ${Buffer.from(`${username}:${applicationPassword}`).toString('base64')}`

  async function post(route: string, fields: Readonly<Record<string, unknown>> = {}): Promise<number> {
    const answer = await fetch(`${wordpress.url}/wp-json/${route}`, {
      method: 'POST',
      headers: { authorization, 'content-type': 'application/json' },
      body: JSON.stringify(fields),
    })
    const body = await answer.text()
    if (!answer.ok) throw new Error(`The editor's own request to ${route} failed: ${body.slice(0, 500)}`)
    return Number((JSON.parse(body) as { readonly id?: number }).id)
  }

  return {
    createPost: (fields) => post('wp/v2/posts', { status: 'publish', ...fields }),
    async updatePost(id, fields) {
      await post(`wp/v2/posts/${id}`, fields)
    },
    async trashPost(id) {
      await post(`wp/v2/posts/${id}?_method=DELETE`)
    },
    async deletePost(id) {
      await post(`wp/v2/posts/${id}?_method=DELETE&force=true`)
    },
    createTerm: (taxonomy, name) => post(`wp/v2/${taxonomy}`, { name }),
    async wipe() {
      await post('igny8-tests/v1/wipe')
    },
  }
}

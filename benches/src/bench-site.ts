import { type RunningWordPress, startWordPress } from '@igny8-tools/wordpress'

/** How many rows the site of a bench has. */
export interface BenchSiteSize {
  readonly posts: number
  /** Of them modified within the last hour, which a later pull looks at again. */
  readonly recent: number
  readonly tags: number
  readonly categories: number
}

/** Starts a WordPress 7.1 on MariaDB, behind nginx and php-fpm, with that many published posts of about 2 kB. */
export async function startBenchSite(
  size: BenchSiteSize,
  onProgress: (message: string) => void,
): Promise<RunningWordPress> {
  const wordpress = await startWordPress({ version: '7.1', database: 'mariadb', timezone: 'UTC', onProgress })
  try {
    onProgress(`writing ${size.posts} posts`)
    const written = await wordpress.php(seedPosts, size)
    if (written !== size.posts) throw new Error(`The site has ${String(written)} posts, not ${size.posts}.`)
    return wordpress
  } catch (error) {
    await wordpress.stop()
    throw error
  }
}

/** How many posts were modified within `hours`, by the server's own clock. */
export async function countModifiedWithin(wordpress: RunningWordPress, hours: number): Promise<number> {
  const script = `echo json_encode((int) $wpdb->get_var($wpdb->prepare(
    "SELECT COUNT(*) FROM {$wpdb->posts} WHERE post_type = 'post' AND post_modified_gmt >= UTC_TIMESTAMP() - INTERVAL %d HOUR",
    $args['hours'])));`
  return (await wordpress.php(script, { hours })) as number
}

/** How many published posts have one of these slugs. */
export async function countPublished(wordpress: RunningWordPress, slugs: readonly string[]): Promise<number> {
  const script = `$marks = implode(',', array_fill(0, count($args['slugs']), '%s'));
    echo json_encode((int) $wpdb->get_var($wpdb->prepare(
    "SELECT COUNT(*) FROM {$wpdb->posts} WHERE post_type = 'post' AND post_status = 'publish' AND post_name IN ($marks)",
    ...$args['slugs'])));`
  return (await wordpress.php(script, { slugs })) as number
}

/** Straight into the tables, as an import would: by WordPress's own functions ten thousand posts take many minutes. */
const seedPosts = `
foreach (['posts', 'postmeta', 'term_relationships'] as $table) $wpdb->query("TRUNCATE {$wpdb->prefix}{$table}");

$terms = ['category' => [], 'post_tag' => []];
foreach (['category' => $args['categories'], 'post_tag' => $args['tags']] as $taxonomy => $count) {
    for ($number = 1; $number <= $count; $number++) {
        $created = wp_insert_term("Bench $taxonomy $number", $taxonomy);
        $terms[$taxonomy][] = (int) $created['term_taxonomy_id'];
    }
}

$sentences = [
    'The harbour wakes before the town does, and the first ferry leaves at ten past five.',
    'Three things decide whether a plan survives: the weather, the budget &amp; whoever reads it last.',
    'It’s the sort of place where a “quick coffee” takes an hour — and should.',
    'Nothing here is new, <strong>but the order is</strong>, and order is <em>most of the work</em>.',
    'Read the <a href="https://example.org/?a=1&amp;b=2#part">first part</a> before you go on.',
];
$paragraph = static function (int $seed) use ($sentences): string {
    $text = '';
    for ($at = 0; $at < 3; $at++) $text .= $sentences[($seed + $at * 2) % count($sentences)] . ' ';
    return "<!-- wp:paragraph -->\\n<p>" . rtrim($text) . "</p>\\n<!-- /wp:paragraph -->";
};
$body = static function (int $number) use ($paragraph): string {
    $blocks = [];
    for ($section = 1; $section <= 2; $section++) {
        $blocks[] = "<!-- wp:heading -->\\n<h2 class=\\"wp-block-heading\\">Part $section of $number</h2>\\n<!-- /wp:heading -->";
        for ($at = 0; $at < 3; $at++) $blocks[] = $paragraph($number + $section + $at);
    }
    $blocks[] = "<!-- wp:list -->\\n<ul class=\\"wp-block-list\\"><!-- wp:list-item -->\\n<li>One of $number</li>\\n<!-- /wp:list-item --></ul>\\n<!-- /wp:list -->";
    return implode("\\n\\n", $blocks);
};

$posts = $args['posts'];
$now = time();
$step = intdiv(5 * 365 * 86400, $posts);
$wpdb->query('START TRANSACTION');
for ($from = 1; $from <= $posts; $from += 200) {
    $rows = [];
    $relations = [];
    for ($number = $from; $number < min($from + 200, $posts + 1); $number++) {
        // Spread without order, and no two at the same second, as pages by date would lose rows among equal times.
        $place = ($number * 7919) % $posts;
        $time = gmdate('Y-m-d H:i:s', $place < $args['recent'] ? $now - 60 - $place * 10 : $now - 4 * 3600 - $place * $step);
        $rows[] = $wpdb->prepare(
            "(%d, 1, %s, %s, %s, %s, %s, 'publish', 'open', 'open', %s, '', '', %s, %s, '', 0, %s, 0, 'post')",
            $number, $time, $time, $body($number), "Bench post $number", "In short: number $number.",
            "bench-post-$number", $time, $time, home_url("/?p=$number")
        );
        $relations[] = "($number, " . $terms['category'][$number % $args['categories']] . ', 0)';
        foreach ([0, 1, 2] as $at) {
            $relations[] = "($number, " . $terms['post_tag'][($number + $at * 67) % $args['tags']] . ', 0)';
        }
    }
    $wpdb->query("INSERT INTO {$wpdb->posts} (ID, post_author, post_date, post_date_gmt, post_content, post_title,
        post_excerpt, post_status, comment_status, ping_status, post_name, to_ping, pinged, post_modified,
        post_modified_gmt, post_content_filtered, post_parent, guid, menu_order, post_type) VALUES " . implode(', ', $rows));
    $wpdb->query("INSERT IGNORE INTO {$wpdb->term_relationships} (object_id, term_taxonomy_id, term_order) VALUES " . implode(', ', $relations));
}
$wpdb->query("UPDATE {$wpdb->term_taxonomy} SET count = (SELECT COUNT(*) FROM {$wpdb->term_relationships} held
    WHERE held.term_taxonomy_id = {$wpdb->term_taxonomy}.term_taxonomy_id)");
$wpdb->query('COMMIT');
$wpdb->query("ANALYZE TABLE {$wpdb->posts}, {$wpdb->term_relationships}");
wp_cache_flush();
echo json_encode((int) $wpdb->get_var("SELECT COUNT(*) FROM {$wpdb->posts} WHERE post_status = 'publish'"));
`

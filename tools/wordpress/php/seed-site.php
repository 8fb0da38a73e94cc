<?php
/**
 * Writes a seed plan into the site. $args: terms, media, posts, as src/seed-plan.ts describes them.
 *
 * Terms and pictures go through WordPress, posts straight into the tables within one transaction.
 */

require_once ABSPATH . 'wp-admin/includes/image.php';
wp_set_current_user(1);
kses_remove_filters();

$database = (static function () use ($wpdb): array {
    if (defined('DB_ENGINE') && 'sqlite' === DB_ENGINE) {
        // The driver parses every statement as MySQL would; prepared ones on a connection of our own do not need that.
        $link = new PDO('sqlite:' . DB_DIR . DB_FILE, null, null, [PDO::ATTR_ERRMODE => PDO::ERRMODE_EXCEPTION]);
        $link->exec('PRAGMA busy_timeout = 30000');
        return ['prepare' => $link->prepare(...), 'run' => $link->exec(...)];
    }
    mysqli_report(MYSQLI_REPORT_ERROR | MYSQLI_REPORT_STRICT);
    return ['prepare' => $wpdb->dbh->prepare(...), 'run' => $wpdb->dbh->query(...)];
})();

$inserter = static function (string $table, array $columns) use ($database, $wpdb): Closure {
    $names = implode(', ', $columns);
    $marks = implode(', ', array_fill(0, count($columns), '?'));
    $statement = $database['prepare']("INSERT INTO {$wpdb->prefix}{$table} ($names) VALUES ($marks)");
    return static fn (array $row) => $statement->execute(array_values($row));
};

// Terms, parents before children. One that exists is taken as it is.
$terms = [];
foreach ($args['terms'] as $term) {
    $parent = null === $term['parent'] ? 0 : $terms[$term['parent']]['term_id'];
    $created = wp_insert_term(wp_slash($term['name']), $term['taxonomy'], ['parent' => $parent]);
    if (is_wp_error($created)) {
        $existing = $created->get_error_data('term_exists');
        if (! $existing) {
            throw new RuntimeException("{$term['name']}: " . $created->get_error_message());
        }
        $created = get_term($existing, $term['taxonomy'], ARRAY_A);
    }
    $terms[] = $created + ['taxonomy' => $term['taxonomy']];
}

$media = [];
$placeholders = [];
foreach ($args['media'] as $index => $picture) {
    $image = imagecreatetruecolor($picture['width'], $picture['height']);
    imagefill($image, 0, 0, imagecolorallocate($image, ...$picture['color']));
    imagestring($image, 5, 20, 20, $picture['fileName'], imagecolorallocate($image, 255, 255, 255));
    $uploads = wp_upload_dir();
    $file = $uploads['path'] . '/' . wp_unique_filename($uploads['path'], $picture['fileName']);
    $is_png = str_ends_with($file, '.png');
    $is_png ? imagepng($image, $file) : imagejpeg($image, $file, 85);
    $id = wp_insert_attachment(wp_slash([
        'post_mime_type' => $is_png ? 'image/png' : 'image/jpeg',
        'post_title' => $picture['title'],
        'post_status' => 'inherit',
    ]), $file, 0, true);
    if (is_wp_error($id)) {
        throw new RuntimeException($id->get_error_message());
    }
    wp_update_attachment_metadata($id, wp_generate_attachment_metadata($id, $file));
    if ('' !== $picture['altText']) {
        update_post_meta($id, '_wp_attachment_image_alt', wp_slash($picture['altText']));
    }
    $media[] = $id;
    $placeholders["@@media-id:$index@@"] = (string) $id;
    $placeholders["@@media-url:$index@@"] = wp_get_attachment_url($id);
}

$zone = wp_timezone();
$local_time = static fn (int $time): string => (new DateTimeImmutable("@$time"))->setTimezone($zone)->format('Y-m-d H:i:s');
$authors = [];
foreach (['admin', 'editor', 'author'] as $login) {
    $authors[$login] = get_user_by('login', $login)->ID;
}

$used_slugs = array_fill_keys($wpdb->get_col("SELECT post_name FROM {$wpdb->posts}"), true);
$unique_slug = static function (string $slug) use (&$used_slugs): string {
    $unique = $slug;
    for ($number = 2; isset($used_slugs[$unique]); $number++) {
        $unique = _truncate_post_slug($slug, 200 - strlen("-$number")) . "-$number";
    }
    $used_slugs[$unique] = true;
    return $unique;
};

$first_id = 1 + (int) $wpdb->get_var("SELECT MAX(ID) FROM {$wpdb->posts}");
$insert_post = $inserter('posts', [
    'ID', 'post_author', 'post_date', 'post_date_gmt', 'post_content', 'post_title', 'post_excerpt', 'post_status',
    'comment_status', 'ping_status', 'post_name', 'to_ping', 'pinged', 'post_modified', 'post_modified_gmt',
    'post_content_filtered', 'post_parent', 'guid', 'menu_order', 'post_type',
]);
$insert_meta = $inserter('postmeta', ['post_id', 'meta_key', 'meta_value']);
$insert_relationship = $inserter('term_relationships', ['object_id', 'term_taxonomy_id', 'term_order']);
$crons = _get_cron_array();
$default_category = (int) get_term((int) get_option('default_category'), 'category')->term_taxonomy_id;

$database['run']('BEGIN');
foreach ($args['posts'] as $index => $post) {
    $id = $first_id + $index;
    $is_trashed = 'trash' === $post['status'];
    $slug = $post['slug'] ?? sanitize_title($post['title']);
    if ('' !== $slug) {
        $slug = $unique_slug($is_trashed ? _truncate_post_slug($slug, 191) . '__trashed' : $slug);
    }
    $insert_post([
        $id,
        $authors[$post['author']],
        $local_time($post['date']),
        $post['floating'] ? '0000-00-00 00:00:00' : gmdate('Y-m-d H:i:s', $post['date']),
        strtr($post['content'], $placeholders),
        $post['title'],
        $post['excerpt'],
        $post['status'],
        'page' === $post['type'] ? 'closed' : 'open',
        'page' === $post['type'] ? 'closed' : 'open',
        $slug,
        '',
        '',
        $local_time($post['modified']),
        gmdate('Y-m-d H:i:s', $post['modified']),
        '',
        null === $post['parent'] ? 0 : $first_id + $post['parent'],
        home_url('page' === $post['type'] ? "/?page_id=$id" : "/?p=$id"),
        'page' === $post['type'] ? $index % 7 : 0,
        $post['type'],
    ]);
    if (null !== $post['thumbnail']) {
        $insert_meta([$id, '_thumbnail_id', (string) $media[$post['thumbnail']]]);
    }
    if ($is_trashed) {
        $insert_meta([$id, '_wp_trash_meta_status', 'publish']);
        $insert_meta([$id, '_wp_trash_meta_time', (string) $post['modified']]);
        $insert_meta([$id, '_wp_desired_post_slug', substr($slug, 0, -strlen('__trashed'))]);
    }
    $relationships = array_map(static fn (int $term): int => (int) $terms[$term]['term_taxonomy_id'], $post['terms']);
    if ('post' === $post['type'] && [] === $relationships) {
        $relationships = [$default_category];
    }
    foreach (array_unique($relationships) as $term_taxonomy_id) {
        $insert_relationship([$id, $term_taxonomy_id, 0]);
    }
    if ('future' === $post['status']) {
        $key = md5(serialize([$id]));
        $crons[$post['date']]['publish_future_post'][$key] = ['schedule' => false, 'args' => [$id]];
    }
}
$database['run']('COMMIT');

ksort($crons);
_set_cron_array($crons);
wp_cache_flush();
foreach (array_unique(array_column($terms, 'taxonomy')) as $taxonomy) {
    $of_taxonomy = array_filter($terms, static fn (array $term): bool => $taxonomy === $term['taxonomy']);
    wp_update_term_count_now(array_map('intval', array_column($of_taxonomy, 'term_taxonomy_id')), $taxonomy);
}

echo json_encode(['firstId' => $first_id]);

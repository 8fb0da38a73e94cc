<?php
/**
 * Echoes posts, attachments and terms from the tables, with only $wpdb loaded: no hooks, no filters, no caches.
 */

$uploads = ABSPATH . 'wp-content/uploads/';
$select = static function (string $sql) use ($wpdb): array {
    $rows = $wpdb->get_results($sql, ARRAY_A);
    if ('' !== $wpdb->last_error) {
        throw new RuntimeException($wpdb->last_error);
    }
    return $rows;
};

$terms = [];
foreach ($select(
    "SELECT tt.term_taxonomy_id, t.term_id, tt.taxonomy, t.name, t.slug, tt.parent
     FROM {$wpdb->prefix}term_taxonomy tt JOIN {$wpdb->prefix}terms t ON t.term_id = tt.term_id
     ORDER BY tt.taxonomy, t.term_id"
) as $row) {
    $terms[(int) $row['term_taxonomy_id']] = [
        'id' => (int) $row['term_id'],
        'taxonomy' => $row['taxonomy'],
        'name' => $row['name'],
        'slug' => $row['slug'],
        'parentId' => (int) $row['parent'],
    ];
}

$terms_of = [];
foreach ($select("SELECT object_id, term_taxonomy_id FROM {$wpdb->prefix}term_relationships ORDER BY term_taxonomy_id") as $row) {
    $term = $terms[(int) $row['term_taxonomy_id']] ?? null;
    if (null !== $term) {
        $terms_of[(int) $row['object_id']][] = $term;
    }
}

$meta_of = [];
foreach ($select("SELECT post_id, meta_key, meta_value FROM {$wpdb->prefix}postmeta ORDER BY meta_id") as $row) {
    $meta_of[(int) $row['post_id']][$row['meta_key']][] = (string) $row['meta_value'];
}

$revisions_of = [];
foreach ($select(
    "SELECT post_parent, COUNT(*) AS revisions FROM {$wpdb->prefix}posts WHERE post_type = 'revision' GROUP BY post_parent"
) as $row) {
    $revisions_of[(int) $row['post_parent']] = (int) $row['revisions'];
}

$posts = [];
$attachments = [];
foreach ($select(
    "SELECT ID, post_type, post_status, post_name, post_title, post_content, post_excerpt, post_author, post_parent,
            post_date, post_date_gmt, post_modified_gmt, post_mime_type
     FROM {$wpdb->prefix}posts
     WHERE post_type NOT IN ('revision', 'nav_menu_item', 'customize_changeset', 'oembed_cache', 'custom_css')
       AND post_type NOT LIKE 'wp_%'
     ORDER BY ID"
) as $row) {
    $id = (int) $row['ID'];
    $meta = $meta_of[$id] ?? [];
    if ('attachment' === $row['post_type']) {
        $file = $meta['_wp_attached_file'][0] ?? '';
        $attachments[] = [
            'id' => $id,
            'slug' => $row['post_name'],
            'title' => $row['post_title'],
            'altText' => $meta['_wp_attachment_image_alt'][0] ?? '',
            'mimeType' => $row['post_mime_type'],
            'parentId' => (int) $row['post_parent'],
            'file' => $file,
            'sha256' => is_file($uploads . $file) ? hash_file('sha256', $uploads . $file) : null,
        ];
        continue;
    }
    $posts[] = [
        'id' => $id,
        'type' => $row['post_type'],
        'status' => $row['post_status'],
        'slug' => $row['post_name'],
        'title' => $row['post_title'],
        'content' => $row['post_content'],
        'excerpt' => $row['post_excerpt'],
        'authorId' => (int) $row['post_author'],
        'parentId' => (int) $row['post_parent'],
        'date' => $row['post_date'],
        'dateGmt' => $row['post_date_gmt'],
        'modifiedGmt' => $row['post_modified_gmt'],
        'terms' => $terms_of[$id] ?? [],
        'thumbnailId' => isset($meta['_thumbnail_id'][0]) ? (int) $meta['_thumbnail_id'][0] : null,
        'meta' => (object) $meta,
        'revisionCount' => $revisions_of[$id] ?? 0,
    ];
}

echo json_encode(
    ['posts' => $posts, 'attachments' => $attachments, 'terms' => array_values($terms)],
    JSON_THROW_ON_ERROR | JSON_UNESCAPED_UNICODE | JSON_INVALID_UTF8_SUBSTITUTE
);

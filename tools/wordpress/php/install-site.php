<?php
/**
 * Installs WordPress in the empty database: pretty permalinks and one user per role. $args: users (login, role, password).
 */

require_once ABSPATH . 'wp-admin/includes/upgrade.php';

$users = $args['users'];
$admin = $users['admin'];
wp_install('Igny8 Test Site', $admin['username'], 'admin@example.org', true, '', $admin['password']);

foreach ($users as $user) {
    if ('administrator' === $user['role']) {
        continue;
    }
    $user_id = wp_insert_user([
        'user_login' => $user['username'],
        'user_pass' => $user['password'],
        'user_email' => $user['username'] . '@example.org',
        'display_name' => ucfirst($user['username']),
        'role' => $user['role'],
    ]);
    if (is_wp_error($user_id)) {
        throw new RuntimeException($user_id->get_error_message());
    }
}

global $wp_rewrite;
$wp_rewrite->set_permalink_structure('/%postname%/');
$wp_rewrite->flush_rules(false);
update_option('blogdescription', 'A WordPress for tests');

echo json_encode(true);

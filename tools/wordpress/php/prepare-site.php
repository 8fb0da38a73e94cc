<?php
/**
 * Makes a copy of an installed site its own: time zone, fresh application passwords, pretty permalinks for all types.
 * $args: timezone, users (name => username). Echoes name => application password.
 */

update_option('timezone_string', $args['timezone']);
update_option('gmt_offset', '');
flush_rewrite_rules(false);

$passwords = [];
foreach ($args['users'] as $name => $username) {
    $user = get_user_by('login', $username);
    $created = WP_Application_Passwords::create_new_application_password($user->ID, ['name' => 'igny8-tests']);
    if (is_wp_error($created)) {
        throw new RuntimeException($created->get_error_message());
    }
    $passwords[$name] = WP_Application_Passwords::chunk_password($created[0]);
}

echo json_encode($passwords);

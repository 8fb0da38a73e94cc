<?php
/**
 * Runs one script with WordPress loaded: run-script.php <document root> <script> <all|database|installing>.
 *
 * The script finds its arguments, read as JSON from standard input, in $args. Only what the script itself prints reaches
 * standard output: whatever plugins print while WordPress loads is thrown away, as tests install plugins that do.
 */

[, $document_root, $script_file, $load] = $argv;
$args = json_decode(stream_get_contents(STDIN), true, 512, JSON_THROW_ON_ERROR);

$_SERVER['HTTP_HOST'] = '127.0.0.1';
$_SERVER['SERVER_PROTOCOL'] = 'HTTP/1.1';
$_SERVER['REQUEST_METHOD'] = 'GET';
$_SERVER['REQUEST_URI'] = '/';

if ('database' === $load) {
    define('SHORTINIT', true);
}
if ('installing' === $load) {
    define('WP_INSTALLING', true);
}

// WordPress would answer an error with a page for visitors.
define('WP_DISABLE_FATAL_ERROR_HANDLER', true);

ob_start();
require $document_root . '/wp-load.php';
while (ob_get_level() > 0) {
    ob_end_clean();
}

try {
    (static function () use ($script_file, $args) {
        global $wpdb;
        require $script_file;
    })();
} catch (Throwable $error) {
    fwrite(STDERR, $error . "\n");
    exit(1);
}

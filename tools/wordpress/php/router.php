<?php
/**
 * Router of PHP's built-in server: files as they are, everything else through WordPress's front controller.
 */

$path = rawurldecode((string) parse_url($_SERVER['REQUEST_URI'], PHP_URL_PATH));
$root = $_SERVER['DOCUMENT_ROOT'];
$target = realpath($root . $path);
$is_inside = false !== $target && str_starts_with($target . '/', realpath($root) . '/');

if ($is_inside && '/' !== $path && (is_file($target) || is_file($target . '/index.php'))) {
    return false;
}

$_SERVER['SCRIPT_NAME'] = '/index.php';
$_SERVER['SCRIPT_FILENAME'] = $root . '/index.php';
$_SERVER['PHP_SELF'] = '/index.php';
chdir($root);
require $root . '/index.php';

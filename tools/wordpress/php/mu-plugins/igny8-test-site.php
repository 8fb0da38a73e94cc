<?php
/**
 * Plugin Name: Igny8 test site
 * Description: Sends no mail; registers a book type, and products as WooCommerce names them, without WooCommerce.
 */

add_filter('pre_wp_mail', '__return_true');

add_action('init', static function () {
    $supports = ['title', 'editor', 'excerpt', 'thumbnail', 'revisions'];

    register_taxonomy('genre', ['book'], [
        'label' => 'Genres',
        'hierarchical' => true,
        'public' => true,
        'show_in_rest' => true,
    ]);
    register_post_type('book', [
        'label' => 'Books',
        'public' => true,
        'has_archive' => true,
        'show_in_rest' => true,
        'supports' => $supports,
        'taxonomies' => ['genre'],
    ]);

    register_taxonomy('product_cat', ['product'], [
        'label' => 'Product categories',
        'hierarchical' => true,
        'public' => true,
        'show_in_rest' => true,
        'rewrite' => ['slug' => 'product-category'],
    ]);
    register_taxonomy('product_tag', ['product'], [
        'label' => 'Product tags',
        'hierarchical' => false,
        'public' => true,
        'show_in_rest' => true,
        'rewrite' => ['slug' => 'product-tag'],
    ]);
    register_post_type('product', [
        'label' => 'Products',
        'public' => true,
        'has_archive' => 'shop',
        'show_in_rest' => true,
        'supports' => $supports,
        'taxonomies' => ['product_cat', 'product_tag'],
    ]);
});

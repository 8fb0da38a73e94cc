import { expect, it } from 'vitest'
import { parseCoreVersion, siblingPackages } from './fetch-core.ts'

it('collects the packages that WordPress borrows files from, each once, and its default theme', () => {
  const description = `Package: wordpress
Depends: apache2 | httpd, php-gd, libjs-cropper (>= 1.2.2), libjs-underscore (>= 1.13), libphp-phpmailer, php-getid3 (>= 1)
Recommends: wordpress-l10n, wordpress-theme-twentytwentyfive
Suggests: libjs-unrelated`
  expect(siblingPackages(description)).toEqual([
    'libjs-cropper',
    'libjs-underscore',
    'libphp-phpmailer',
    'php-getid3',
    'wordpress-theme-twentytwentyfive',
  ])
})

it('reads the exact version', () => {
  expect(parseCoreVersion("<?php\n$wp_version = '6.8.12';\n$wp_db_version = 1;")).toBe('6.8.12')
  expect(() => parseCoreVersion('<?php')).toThrow('no $wp_version')
})

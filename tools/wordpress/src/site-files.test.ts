import { expect, it } from 'vitest'
import { layOutSite, quotePhp, renderConfiguration } from './site-files.ts'

it('quotes what PHP would otherwise read as code', () => {
  expect(quotePhp("it's a \\ 'test'")).toBe("'it\\'s a \\\\ \\'test\\''")
  expect(quotePhp(false)).toBe('false')
})

it('writes a configuration that reaches nothing outside and knows its own address', () => {
  const configuration = renderConfiguration('mariadb', layOutSite('/site'), 'http://127.0.0.1:1234', () => 'salt')
  expect(configuration).toContain("define('WP_HOME', 'http://127.0.0.1:1234')")
  expect(configuration).toContain("define('WP_HTTP_BLOCK_EXTERNAL', true)")
  expect(configuration).toContain("define('WP_ENVIRONMENT_TYPE', 'local')")
  expect(configuration).toContain("define('DB_HOST', 'localhost:/site/mariadb.sock')")
  expect(configuration).not.toContain('DB_DIR')
})

it('gives every site salts of its own', () => {
  const render = () => renderConfiguration('sqlite', layOutSite('/site'), 'http://127.0.0.1:1')
  expect(render()).not.toBe(render())
})

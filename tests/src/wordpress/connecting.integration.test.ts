import { inspect } from 'node:util'
import { isIgny8Error } from '@igny8/core'
import { createWordPressAdapter } from '@igny8/wordpress'
import { expect, it } from 'vitest'
import { describeOnWordPress, type OpenOptions } from './with-wordpress.ts'

/** Answers that hosts, plugins and firewalls give in WordPress's place. */
const php = {
  stripAuthorization: `if (!defined('XMLRPC_REQUEST')) { unset($_SERVER['PHP_AUTH_USER'], $_SERVER['PHP_AUTH_PW'], $_SERVER['HTTP_AUTHORIZATION']); }`,
  noXmlRpc: `add_filter('xmlrpc_enabled', '__return_false');`,
  noApplicationPasswords: `add_filter('wp_is_application_passwords_available', '__return_false');`,
  membersOnly: `add_filter('rest_authentication_errors', fn($result) => is_user_logged_in() ? $result : new WP_Error('rest_cannot_access', 'Members only.', ['status' => 401]));`,
  nobody: `add_filter('rest_authentication_errors', fn() => new WP_Error('rest_disabled', 'The REST API is off.', ['status' => 403]));`,
  firewall: `if (str_contains($_SERVER['REQUEST_URI'], 'wp-json') || isset($_GET['rest_route'])) { status_header(403); header('Content-Type: text/html'); echo '<html><h1>Forbidden</h1></html>'; exit; }`,
  loginPage: `add_action('parse_request', function () { if (!is_user_logged_in()) { wp_redirect(wp_login_url()); exit; } }, 1);`,
  maintenance: `if (PHP_SAPI !== 'cli') { status_header(503); header('Retry-After: 600'); echo '<!DOCTYPE html><html><p>Briefly unavailable for scheduled maintenance. Check back in a minute.</p></html>'; exit; }`,
  notices: `add_filter('rest_pre_echo_response', function ($result) { echo "<br />\\n<b>Warning</b>:  Undefined variable \\$x in <b>/site/plugin.php</b> on line <b>7</b><br />\\n"; return $result; });
    add_action('shutdown', function () { if (defined('REST_REQUEST')) { echo "\\n<br />\\n<b>Notice</b>: late"; } });`,
  noUsersRoute: `add_filter('rest_endpoints', fn($endpoints) => array_filter($endpoints, fn($route) => !str_starts_with($route, '/wp/v2/users'), ARRAY_FILTER_USE_KEY));`,
  eagerAuthentication: `add_filter('rest_authentication_errors', function ($result) { wp_get_current_user(); return $result; }, 1);`,
  hiddenVersion: `add_filter('the_generator', '__return_empty_string');`,
  apiPrefix: `add_filter('rest_url_prefix', fn() => 'api');`,
}

const setPermalinks = `global $wp_rewrite; $wp_rewrite->init(); $wp_rewrite->set_permalink_structure($args['structure']); flush_rewrite_rules(false); echo 1;`

describeOnWordPress('connecting to a real WordPress', (site) => {
  /** The diagnosis of a connection that must fail; no part of a credential may be in it. */
  async function diagnosisOf(options: OpenOptions = {}) {
    const error: unknown = await site()
      .open(options)
      .testConnection()
      .catch((thrown: unknown) => thrown)
    if (!isIgny8Error(error)) throw new Error('The connection did not fail.')
    const { applicationPassword, password } = site().wordpress.users[options.user ?? 'admin']
    const shown = `${inspect(error, { depth: 10, showHidden: true })}${JSON.stringify(error)}`
    for (const secret of [applicationPassword, applicationPassword.replaceAll(' ', ''), password, options.password]) {
      if (secret !== undefined) expect(shown).not.toContain(secret)
    }
    expect(error.message).not.toBe('')
    expect(error.hint ?? '').not.toBe('')
    return error
  }

  it('says who is connected, to which version, in which zone', async () => {
    const { open, wordpress } = site()
    const report = await open().testConnection()
    expect(report).toMatchObject({
      user: { externalId: '1', login: 'admin' },
      roles: ['administrator'],
      siteName: 'Igny8 Test Site',
      platformVersion: wordpress.version,
      apiRoot: `${wordpress.url}/wp-json/`,
      timezone: 'America/New_York',
      warnings: [],
    })
    expect(Math.abs(report.clockSkewMs)).toBeLessThan(5_000)
    expect(report.capabilities).toContain('publish_posts')
  })

  it.each(['with its spaces', 'without spaces', 'with an e-mail address as login'])(
    'takes the password %s',
    async (how) => {
      const { wordpress, http } = site()
      const adapter = createWordPressAdapter()
      const { applicationPassword: spaced } = wordpress.users.editor
      const applicationPassword = how === 'without spaces' ? spaced.replaceAll(' ', '') : spaced
      const username = how.includes('e-mail') ? 'editor@example.org' : 'editor'
      const secret = adapter.credentials.toSecret({ username, applicationPassword })
      const answer = await http.request({
        method: 'GET',
        url: `${wordpress.url}/wp-json/wp/v2/users/me`,
        authorization: {
          scheme: 'Basic',
          secret: { reveal: () => secret, toString: () => '[secret]', toJSON: () => '[secret]' },
        },
      })
      expect(answer.status).toBe(200)
    },
  )

  it('warns of what an author may not do, and refuses a subscriber', async () => {
    const { open } = site()
    const codesOf = async (user: 'editor' | 'author') =>
      (await open({ user }).testConnection()).warnings.map(({ code }) => code)
    expect(await codesOf('editor')).toEqual([])
    expect(await codesOf('author')).toEqual(['CANNOT_EDIT_OTHERS', 'CANNOT_MANAGE_TERMS'])
    expect(await diagnosisOf({ user: 'subscriber' })).toMatchObject({ code: 'INSUFFICIENT_ROLE', retryable: false })
  })

  it('tells a wrong, a revoked and an account password apart from one another', async () => {
    const { wordpress } = site()
    expect(await diagnosisOf({ password: 'abcd efgh ijkl mnop qrst uvwx' })).toMatchObject({ code: 'AUTH_FAILED' })
    expect(await diagnosisOf({ password: wordpress.users.admin.password })).toMatchObject({
      code: 'ACCOUNT_PASSWORD_GIVEN',
    })
    const made = `$user = get_user_by('login', 'editor'); [$password, $item] = WP_Application_Passwords::create_new_application_password($user->ID, ['name' => 'short-lived']);`
    const revoked = await wordpress.php(
      `${made} WP_Application_Passwords::delete_application_password($user->ID, $item['uuid']); echo json_encode($password);`,
    )
    expect(await diagnosisOf({ user: 'editor', password: String(revoked) })).toMatchObject({ code: 'AUTH_FAILED' })
    await site().install(php.eagerAuthentication)
    expect(await diagnosisOf({ password: 'abcd efgh ijkl mnop qrst uvwx' })).toMatchObject({
      code: 'AUTH_FAILED',
      details: { wordpressCode: 'incorrect_password' },
    })
  })

  it('finds that a proxy strips the Authorization header, where XML-RPC can tell', async () => {
    await site().install(php.stripAuthorization)
    expect(await diagnosisOf()).toMatchObject({ code: 'AUTHORIZATION_HEADER_STRIPPED' })
    await site().install(php.stripAuthorization + php.noXmlRpc)
    expect(await diagnosisOf()).toMatchObject({ code: 'AUTH_FAILED' })
  })

  it('finds that application passwords are switched off', async () => {
    await site().install(php.noApplicationPasswords)
    expect(await diagnosisOf()).toMatchObject({ code: 'APPLICATION_PASSWORDS_UNAVAILABLE' })
  })

  it.each([
    ['a plugin that closes REST to everybody', php.nobody, false],
    ['a firewall', php.firewall, false],
    ['a login page for visitors', php.loginPage, false],
    ['maintenance', php.maintenance, true],
    ['a plugin that removes the users’ routes', php.noUsersRoute, false],
  ])('finds that REST is blocked by %s', async (_what, code, retryable) => {
    await site().install(code)
    expect(await diagnosisOf()).toMatchObject({ code: 'REST_BLOCKED', retryable })
  })

  it('gets through to a REST API that is open to members only', async () => {
    await site().install(php.membersOnly)
    expect(await site().open().testConnection()).toMatchObject({ user: { login: 'admin' } })
    const wrong = { password: 'abcd efgh ijkl mnop qrst uvwx' }
    expect(await diagnosisOf(wrong)).toMatchObject({ code: 'AUTH_FAILED' })
    await site().install(php.membersOnly + php.noXmlRpc)
    expect(await diagnosisOf(wrong)).toMatchObject({ code: 'REST_BLOCKED', details: { status: 401 } })
  })

  it('reads through PHP notices around the JSON', async () => {
    await site().install(php.notices)
    const client = site().open()
    expect(await client.testConnection()).toMatchObject({ user: { login: 'admin' } })
    const { externalId } = await client.content.create({ type: 'post', fields: { title: 'Noisy', slug: 'noisy-post' } })
    expect(await client.content.findByMarker({ type: 'post', marker: 'noisy-post' })).toMatchObject([{ externalId }])
    await client.content.delete({ type: 'post', externalId })
  })

  it('works with plain permalinks, and warns', async () => {
    const { wordpress, open } = site()
    await wordpress.php(setPermalinks, { structure: '' })
    try {
      const client = open()
      const report = await client.testConnection()
      expect(report.warnings.map(({ code }) => code)).toEqual(['PLAIN_PERMALINKS'])
      expect(new URL(report.apiRoot).searchParams.get('rest_route')).toBe('/')
      const created = await client.content.create({ type: 'post', fields: { title: 'Plain' } })
      const { externalId } = created
      expect(await client.content.get({ type: 'post', externalId })).toEqual({ kind: 'found', content: created })
      const batch = await client.content.batch?.run([
        { kind: 'update', type: 'post', externalId, fields: { title: 'Still plain' } },
      ])
      expect(batch).toMatchObject([{ kind: 'done', content: { fields: { title: 'Still plain' } } }])
      const excludeIds = Array.from({ length: 2_000 }, (_, index) => String(500_000 + index))
      const page = await client.pull?.listModifiedSince({
        type: 'post',
        since: created.modifiedAt,
        excludeIds,
        limit: 5,
      })
      expect(page?.rows.map((row) => row.externalId)).toContain(externalId)
      await client.content.delete({ type: 'post', externalId })
    } finally {
      await wordpress.php(setPermalinks, { structure: '/%postname%/' })
    }
  })

  it('follows the site’s own link to a REST API under another name', async () => {
    const { wordpress, install, open } = site()
    await install(php.apiPrefix)
    await wordpress.php(setPermalinks, { structure: '/%postname%/' })
    try {
      expect(await open().testConnection()).toMatchObject({ apiRoot: `${wordpress.url}/api/`, warnings: [] })
    } finally {
      await wordpress.removeMuPlugin('igny8-under-test')
      await wordpress.php(setPermalinks, { structure: '/%postname%/' })
    }
  })

  it('finds the site under whatever address people copy', async () => {
    const { wordpress, open } = site()
    for (const path of ['/', '/wp-admin/', '/wp-login.php?redirect_to=x', '/wp-json/wp/v2', '/index.php']) {
      expect(await open({ url: `${wordpress.url}${path}` }).testConnection()).toMatchObject({ warnings: [] })
    }
  })

  it('refuses a site that is too old, and does without a hidden version', async () => {
    const { install, open, wordpress } = site()
    expect(await diagnosisOf({ adapter: { minimumVersion: '99.0' } })).toMatchObject({
      code: 'SITE_TOO_OLD',
      details: { version: wordpress.version, minimum: '99.0' },
    })
    await install(php.hiddenVersion)
    const { platformVersion } = await open({ user: 'editor', adapter: { minimumVersion: '99.0' } }).testConnection()
    expect(platformVersion).toBeNull()
  })

  it('reads a fixed offset where the site has no named zone', async () => {
    const { wordpress, open } = site()
    const setZone =
      'update_option("timezone_string", $args["zone"]); update_option("gmt_offset", $args["offset"]); echo 1;'
    await wordpress.php(setZone, { zone: '', offset: '5.5' })
    try {
      expect(await open().testConnection()).toMatchObject({ timezone: '+05:30' })
    } finally {
      await wordpress.php(setZone, { zone: 'America/New_York', offset: '' })
    }
  })

  it('sends a person to the page that grants access with one click', async () => {
    const { wordpress, http, install } = site()
    const { oneClick } = createWordPressAdapter()
    const input = {
      url: wordpress.url,
      applicationName: 'IGNY8 & friends',
      applicationId: '0d3f5f3c-7c1f-4f57-9f6b-0a3c2f1e4b5a',
      successUrl: 'https://host.example/connected?state=a&b',
      rejectUrl: 'https://host.example/rejected',
      http,
    }
    const page = new URL((await oneClick?.authorizationUrl(input)) ?? '')
    expect(`${page.origin}${page.pathname}`).toBe(`${wordpress.url}/wp-admin/authorize-application.php`)
    expect(Object.fromEntries(page.searchParams)).toEqual({
      app_name: input.applicationName,
      app_id: input.applicationId,
      success_url: input.successUrl,
      reject_url: input.rejectUrl,
    })
    await install(php.noApplicationPasswords)
    await expect(oneClick?.authorizationUrl(input)).rejects.toMatchObject({ code: 'APPLICATION_PASSWORDS_UNAVAILABLE' })
  })

  it('says what each role may do with each type', async () => {
    const { open } = site()
    const may = async (user: 'editor' | 'author' | 'subscriber', type: string) => {
      const { canRead, canWrite, canPublish, canUploadMedia, problems } = await open({ user }).testCollection({ type })
      const fixes = problems.map((problem) => problem.hint !== '')
      expect(fixes).not.toContain(false)
      return [canRead, canWrite, canPublish, canUploadMedia]
    }
    expect(await may('editor', 'page')).toEqual([true, true, true, true])
    expect(await may('author', 'post')).toEqual([true, true, true, true])
    expect(await may('author', 'page')).toEqual([false, false, false, false])
    expect(await may('subscriber', 'post')).toEqual([false, false, false, false])
    await expect(open().testCollection({ type: 'wp_block' })).rejects.toMatchObject({ code: 'REMOTE_NOT_FOUND' })
  })

  it('reads no type of WordPress’s own, and counts all statuses but trash', async () => {
    const { open, wordpress } = site()
    const structure = await open().readStructure()
    expect(structure.contentTypes.map((info) => [info.type, info.taxonomies])).toEqual([
      ['post', ['category', 'tag']],
      ['page', []],
      ['book', ['genre']],
      ['product', ['product_cat', 'product_tag']],
    ])
    expect(structure.statuses).toEqual(['publish', 'future', 'draft', 'pending', 'private'])
    const { posts } = await wordpress.readSite()
    for (const { type, count } of structure.contentTypes) {
      const standing = posts.filter((post) => post.type === type && structure.statuses.includes(post.status))
      expect([type, count]).toEqual([type, standing.length])
    }
  })
})

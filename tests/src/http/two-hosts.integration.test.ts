import { randomUUID } from 'node:crypto'
import { createFakeWordPress } from '@igny8-tools/fake-wordpress'
import { serveFakeWordPress } from '@igny8-tools/fake-wordpress/serve'
import { describeOnPostgres } from '@igny8-tools/postgres/describe-on-postgres'
import { openPool } from '@igny8-tools/postgres/open-pool'
import type { Pool } from 'pg'
import { Webhook } from 'standardwebhooks'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { createKey, type HostProcess, startHost } from './start-host.ts'

const json = { 'content-type': 'application/json' }
const postCount = 30

/** The example host twice, as two processes on one database. */
describeOnPostgres('Two hosts on one PostgreSQL', (databaseUrl) => {
  const site = createFakeWordPress({ clock: { now: () => new Date() }, starterContent: false })
  let served: Awaited<ReturnType<typeof serveFakeWordPress>>
  let pool: Pool
  let hosts: readonly [HostProcess, HostProcess]
  let key: string
  let integrationId: string
  let siteId: string
  let secret: string

  beforeAll(async () => {
    served = await serveFakeWordPress(site)
    for (let number = 1; number <= postCount; number++)
      site.people.create({ type: 'post', title: `Post ${number}`, status: 'publish', content: 'Text' })
    pool = openPool(databaseUrl(), 2)
    const environment = {
      DATABASE_URL: databaseUrl(),
      IGNY8_KEY: Buffer.alloc(32, 7).toString('base64'),
      IGNY8_ALLOW: served.url,
      LOG_LEVEL: 'info',
    }
    // Both at once, as a deployment does: they make the same tables.
    hosts = await Promise.all([startHost(environment), startHost(environment)])
    key = await createKey(environment, 'alice')
  })
  afterAll(async () => {
    for (const host of hosts ?? []) await host.stop('SIGKILL')
    await pool?.end()
    await served?.stop()
  })

  async function call(host: HostProcess, path: string, init: RequestInit = {}) {
    const headers = { authorization: `Bearer ${key}`, ...json, ...init.headers }
    const answer = await host.call(path, { ...init, headers })
    const text = await answer.text()
    return { status: answer.status, headers: answer.headers, text, body: text === '' ? undefined : JSON.parse(text) }
  }
  const count = async (statement: string, values: readonly unknown[] = []) =>
    Number((await pool.query(statement, [...values])).rows[0]?.count)

  it('know the same keys, and nobody without one', async () => {
    for (const host of hosts) {
      expect((await call(host, 'integration/')).body).toMatchObject({ count: 0 })
      for (const authorization of ['', `Bearer igny8_${'a'.repeat(43)}`])
        expect((await call(host, 'integration/', { headers: { authorization } })).status).toBe(401)
    }
  })

  it('know what the other has connected', async () => {
    const { username, applicationPassword } = site.users.editor ?? {}
    const credentials = { username, application_password: applicationPassword }
    const given = { platform: 'wordpress', external_site_url: served.url, credentials_json: credentials }
    const made = await call(hosts[0], 'integration/', { method: 'POST', body: JSON.stringify(given) })
    expect(made.status, made.text).toBe(201)
    integrationId = String(made.body.integration.id)
    siteId = String(made.body.site.id)
    expect((await call(hosts[1], `integration/${integrationId}/test_connection/`, { method: 'POST' })).body.ok).toBe(
      true,
    )
  })

  it('do a repeated request once, whichever of them it comes to, and at once to both', async () => {
    const body = JSON.stringify({ site_id: siteId, type: 'post', title: 'Once', body: 'Text' })
    const create = (host: HostProcess) =>
      call(host, 'content/', { method: 'POST', body, headers: { 'idempotency-key': 'create-once' } })
    const together = await Promise.all(hosts.map(create))
    // Whoever comes while the other is at it is told to wait.
    for (const { status, text } of together) expect([201, 409], text).toContain(status)
    const later = await Promise.all(hosts.map(create))
    for (const { status, headers } of later)
      expect([status, headers.get('idempotency-replayed')]).toEqual([201, 'true'])
    expect(later[1]?.text).toBe(later[0]?.text)
    for (const host of hosts) expect((await call(host, 'content/')).body.count).toBe(1)
  })

  it('run a sync that both are asked for once, and each item is pulled once', async () => {
    const asked = await Promise.all(
      hosts.map((host) => call(host, `integration/${integrationId}/sync/`, { method: 'POST' })),
    )
    expect(asked.map(({ status }) => status)).toContain(202)
    for (const host of hosts)
      await expect
        .poll(async () => (await call(host, 'content/?limit=100')).body.count, { timeout: 60_000 })
        .toBe(postCount + 1)
    const pulls = await pool.query(
      `select external_id, count(*) from igny8.sync_events where event_type = 'content_pull' and external_id is not null group by external_id`,
    )
    expect(pulls.rows.filter(({ count }) => Number(count) !== 1)).toEqual([])
    expect(pulls.rows.length).toBeGreaterThanOrEqual(postCount)
  })

  it('take a webhook once, whichever of them it is told to, and at once to both', async () => {
    const made = await call(hosts[0], `integration/${integrationId}/webhook_secrets/`, { method: 'POST' })
    secret = String(made.body.secret)
    const item = site.state.posts.keys().next().value
    const body = JSON.stringify({ action: 'post_updated', post_id: item, post_type: 'post', site_url: served.url })
    const id = randomUUID()
    const now = new Date()
    const headers = {
      ...json,
      'webhook-id': id,
      'webhook-timestamp': String(Math.floor(now.getTime() / 1_000)),
      'webhook-signature': new Webhook(secret).sign(id, now, body),
    }
    const tell = (host: HostProcess) => host.call('integration/webhook/wordpress/', { method: 'POST', body, headers })
    const answers = await Promise.all([...hosts, ...hosts, ...hosts].map(tell))
    expect(answers.map(({ status }) => status)).toEqual(Array(6).fill(202))
    expect(await count('select count(*) from igny8.webhook_deliveries where id = $1', [id])).toBe(1)
    const forged = { ...headers, 'webhook-id': randomUUID() }
    for (const host of hosts)
      expect(
        (await host.call('integration/webhook/wordpress/', { method: 'POST', body, headers: forged })).status,
      ).toBe(401)
  })

  it('hold off whoever tells too much, together', async () => {
    const tell = async (host: HostProcess) => {
      const answer = await host.call('integration/webhook/wordpress/', { method: 'POST', body: '{}' })
      await answer.body?.cancel()
      return answer
    }
    let passed = 0
    for (; passed < 900; passed++) if ((await tell(hosts[passed % 2 === 0 ? 0 : 1])).status === 429) break
    // What came before counts, too; apart they would let twice as many through.
    expect(passed).toBeGreaterThan(500)
    expect(passed).toBeLessThanOrEqual(600)
    for (const host of hosts) {
      const answer = await tell(host)
      const seconds = Number(answer.headers.get('retry-after'))
      expect([answer.status, seconds >= 1 && seconds <= 60]).toEqual([429, true])
    }
  })

  it('count for Prometheus, without a path or an id', async () => {
    const text = await (await fetch(`${hosts[1].url}/metrics`)).text()
    expect(text).toMatch(/igny8_http_requests_total\{operation="receiveWebhook",status="202"\} \d/)
    expect(text).not.toContain(integrationId)
  })

  it('end a sync that one of them stops at: it exits at once, and the other goes on where it stood', async () => {
    for (let number = 1; number <= postCount; number++)
      site.people.create({ type: 'post', title: `Later ${number}`, status: 'publish', content: 'Text' })
    const started = await call(hosts[0], `integration/${integrationId}/sync/`, { method: 'POST' })
    expect(started.status).toBe(202)
    const { code, output } = await hosts[0].stop('SIGTERM')
    expect([code, output.includes('"stopping"')]).toEqual([0, true])
    for (const told of [key, secret, 'application_password', site.users.editor?.applicationPassword ?? key])
      expect(output).not.toContain(told)
    await expect
      .poll(async () => (await call(hosts[1], 'content/?limit=100')).body.count, { timeout: 90_000 })
      .toBe(2 * postCount + 1)
    expect((await fetch(`${hosts[1].url}/readyz`)).status).toBe(200)
  })
})

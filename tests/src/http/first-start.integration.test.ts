import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Documented, pathOf, readOperations } from './document-walk.ts'
import { sampleOf } from './operation-samples.ts'
import { readValidator } from './read-validator.ts'
import { type HostProcess, startHost } from './start-host.ts'

const limitMs = 120_000

/** Skipped where no services are asked for, as it starts a WordPress. */
describe.skipIf(process.env.IGNY8_REQUIRE_SERVICES !== '1')('`npm start` on a machine of its own', () => {
  let folder: string
  let host: HostProcess
  let operations: readonly Documented[]
  let tookMs: number
  let key: string

  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'igny8-first-start-'))
    const startedMs = performance.now()
    host = await startHost({ DATA_DIR: folder, LOG_LEVEL: 'warn' }, 'Try  ')
    tookMs = performance.now() - startedMs
    key = /API key +(\S+)/.exec(host.output())?.[1] ?? ''
    operations = readOperations(await (await host.call('openapi.json')).json())
  })
  afterAll(async () => {
    await host?.stop('SIGTERM')
    await rm(folder, { recursive: true, force: true })
  })

  async function call(
    method: string,
    path: string,
    given: { readonly body?: unknown; readonly headers?: object } = {},
  ) {
    const { body, headers } = given
    const answer = await host.call(path, {
      method,
      headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json', ...headers },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
    const type = answer.headers.get('content-type') ?? ''
    const text = await answer.text()
    return { status: answer.status, type, text, json: type.includes('json') ? JSON.parse(text) : null }
  }

  async function firstId(list: string): Promise<string> {
    await expect.poll(async () => (await call('GET', list)).json.results.length, { timeout: 60_000 }).toBeGreaterThan(0)
    return (await call('GET', list)).json.results[0].id
  }

  /** What the demo has, once its first sync has brought it. */
  async function findIds() {
    const siteId = await firstId('sites/')
    const contentId = await firstId('content/')
    const { json } = await call('POST', 'images/', {
      body: { site_id: siteId, image_url: 'https://images.example/a.png' },
    })
    return {
      platform: 'wordpress',
      siteId,
      contentId,
      integrationId: await firstId('integration/'),
      taxonomyId: await firstId('taxonomies/'),
      imageId: String(json.id),
      secretId: 'unknown',
      webhookSecret: '',
      conflictId: 'unknown',
    }
  }

  it('is ready within two minutes, and prints where and with what key', () => {
    expect(tookMs).toBeLessThan(limitMs)
    expect(host.output()).toMatch(/API +http:\/\/127\.0\.0\.1:\d+\/api\/v1\/docs\//)
    expect(host.output()).toMatch(/WordPress +http:\/\/127\.0\.0\.1:\d+ /)
    expect(key).toMatch(/^igny8_[\w-]{43}$/)
  })

  it('does what its README says, but for the ports', async () => {
    const readme = await readFile(new URL('../../../examples/express-host/README.md', import.meta.url), 'utf8')
    const [, block = ''] = /```sh\n(api=.*?)```/s.exec(readme) ?? []
    const wordpress = /WordPress +(http\S+)/.exec(host.output())?.[1] ?? ''
    const script = block.replace('http://127.0.0.1:3000', host.url).replace('http://127.0.0.1:8765', wordpress)
    const PATH = `${dirname(process.execPath)}:${process.env.PATH}`
    const { stdout } = await promisify(execFile)('bash', ['-ec', script], { env: { ...process.env, PATH, key } })
    const [post] = JSON.parse(/\[\{"id":\d+,"date".*\]$/m.exec(stdout)?.[0] ?? '[]')
    expect(post, stdout).toMatchObject({ status: 'publish', title: { rendered: 'Hello from curl' } })
  })

  it('answers on every endpoint as its document says', async () => {
    const ids = await findIds()
    const orderOf = ({ method, operationId }: Documented) =>
      operationId === 'deleteIntegration' ? 2 : method === 'DELETE' ? 1 : 0
    const wrong: string[] = []
    for (const documented of operations.toSorted((left, right) => orderOf(left) - orderOf(right))) {
      const { operationId, method, success, answer: schema } = documented
      const sample = sampleOf(operationId, ids)
      const answer = await call(method, pathOf(documented, ids, sample?.query), sample)
      const about = `${operationId} ${answer.status} ${answer.text.slice(0, 200)}`
      if (answer.status >= 400) {
        const isProblem = answer.type === 'application/problem+json' && answer.json.status === answer.status
        const isOurs = ['INTERNAL', 'ROUTE_NOT_FOUND', 'METHOD_NOT_ALLOWED', 'UNAUTHENTICATED', 'MALFORMED_REQUEST']
        if (!isProblem || answer.status === 500 || isOurs.includes(answer.json.code)) wrong.push(about)
      } else if (answer.status !== success && answer.status !== 204) wrong.push(about)
      else if (schema !== undefined && readValidator(schema)(answer.json).length > 0) wrong.push(about)
    }
    expect(wrong).toEqual([])
    expect(operations.length).toBeGreaterThan(60)
  })

  it('shows its page, is healthy, and ends when it is told to', async () => {
    expect((await host.call('docs/')).headers.get('content-type')).toContain('text/html')
    for (const path of ['healthz', 'readyz', 'metrics']) expect((await fetch(`${host.url}/${path}`)).status).toBe(200)
    expect((await host.stop('SIGTERM')).code).toBe(0)
  })
})

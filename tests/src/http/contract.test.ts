import { describe, expect, it } from 'vitest'
import { createApiUnderTest } from './api-under-test.ts'
import { listDocumented, mutateBody, pathOf } from './document-walk.ts'
import { type Ids, sampleOf } from './operation-samples.ts'
import { readValidator } from './read-validator.ts'

const operations = await listDocumented()
const secrets = ['the-secret-application-password', 'sk-the-secret-vendor-key', 'whsec_']

const maxBodyBytes = 10_000

async function prepare() {
  const api = await createApiUnderTest({ maxBodyBytes })
  const ids: Ids = { ...(await api.fill('alice')), conflictId: 'no-such-conflict' }
  api.writes.length = 0
  return { api, ids }
}

function expectProblem(answer: { status: number; headers: Headers; text: string; json: Record<string, unknown> }) {
  expect(answer.headers.get('content-type')).toBe('application/problem+json')
  expect(answer.json).toMatchObject({ status: answer.status, type: 'about:blank' })
  for (const member of ['title', 'detail', 'code', 'hint', 'request_id'])
    expect(answer.json[member]).toBeTypeOf('string')
  expect(answer.text).not.toMatch(/\n\s+at |\.ts:\d|node_modules/)
  for (const secret of secrets) expect(answer.text).not.toContain(secret)
}

describe.each(operations)('$method $path', (documented) => {
  const { operationId, method } = documented
  const isPublic = documented.security?.length === 0
  const isPlatformWide = documented.path.startsWith('platform/')
  /** A test of what applies to this operation; what does not is no test of it, so none counts as skipped. */
  const itWhere = (applies: boolean) => (applies ? it : () => undefined)

  it('answers a right call as the document says, and without a secret', async () => {
    const { api, ids } = await prepare()
    const sample = sampleOf(operationId, ids)
    if (sample === undefined) throw new Error(`There is no sample of ${operationId}.`)
    const answer = await api.call(method, pathOf(documented, ids, sample.query), sample)
    const missing = documented.path.includes('conflict_id') ? 404 : undefined
    expect(`${answer.status} ${answer.json?.code ?? ''}`).toContain(
      String(sample.status ?? missing ?? documented.success),
    )
    if (answer.status < 300 && documented.answer !== undefined && method !== 'HEAD')
      expect(readValidator(documented.answer)(answer.json)).toEqual([])
    if (operationId !== 'createWebhookSecret') for (const secret of secrets) expect(answer.text).not.toContain(secret)
    expect(api.logged.join('\n')).not.toMatch(/the-secret|whsec_/)
  })

  itWhere(!isPublic)('is 401 without a login, and reads nothing', async () => {
    const { api, ids } = await prepare()
    const sample = sampleOf(operationId, ids)
    const answer = await api.call(method, pathOf(documented, ids, sample?.query), { ...sample, as: null })
    expect(answer.status).toBe(401)
    expectProblem(answer)
    expect(answer.headers.get('www-authenticate')).toBe('Bearer')
    expect(api.writes).toEqual([])
  })

  itWhere(isPlatformWide)('is 403 for whoever is no operator', async () => {
    const { api, ids } = await prepare()
    const sample = sampleOf(operationId, ids)
    const answer = await api.call(method, pathOf(documented, ids, sample?.query), { ...sample, as: 'alice' })
    expect(answer.status).toBe(403)
    expectProblem(answer)
    expect(api.writes).toEqual([])
  })

  itWhere(!isPublic)('refuses a query that it does not know, and one of a wrong type', async () => {
    const { api, ids } = await prepare()
    const sample = sampleOf(operationId, ids)
    const names = documented.parameters.filter(
      (parameter) => parameter.in === 'query' && parameter.schema.type !== 'string',
    )
    for (const query of ['nonsense=1', 'limit=1&limit=2', ...names.map(({ name }) => `${name}=%00x`)]) {
      const answer = await api.call(method, pathOf(documented, ids, query), sample)
      expect(`${query} ${answer.status}`).toBe(`${query} 400`)
      expectProblem(answer)
    }
    expect(api.writes).toEqual([])
  })

  itWhere(documented.body !== undefined && !isPublic)(
    'refuses every body that is not of its schema, and writes nothing',
    async () => {
      const { api, ids } = await prepare()
      const sample = sampleOf(operationId, ids)
      const mutants = mutateBody(documented.body ?? {}, sample?.body ?? {})
      expect(mutants.length).toBeGreaterThan(2)
      for (const { name, body } of mutants) {
        const answer = await api.call(method, pathOf(documented, ids), { ...sample, body })
        expect(`${name} ${answer.status}`).toBe(`${name} 422`)
        expectProblem(answer)
        expect(answer.json.code).toBe('INVALID_INPUT')
      }
      expect(api.writes).toEqual([])
    },
  )

  itWhere(method !== 'GET' && !isPublic)(
    'refuses what is no JSON, too deep, too large, or would reach a prototype',
    async () => {
      const { api, ids } = await prepare()
      const sample = sampleOf(operationId, ids)
      const cases: readonly (readonly [number, string, Record<string, string>?])[] = [
        [400, '{"broken":'],
        [400, `{"a":${'['.repeat(100)}${']'.repeat(100)}}`],
        [400, '{"__proto__":{"isActive":true}}'],
        [413, `{"a":"${'x'.repeat(maxBodyBytes)}"}`],
        [415, 'a=1', { 'content-type': 'application/x-www-form-urlencoded' }],
      ]
      for (const [status, body, headers] of cases) {
        const answer = await api.call(method, pathOf(documented, ids), {
          ...sample,
          body,
          headers: { ...sample?.headers, ...headers },
        })
        expect(`${body.slice(0, 20)} ${answer.status}`).toBe(`${body.slice(0, 20)} ${status}`)
        expectProblem(answer)
      }
      expect(api.writes).toEqual([])
    },
  )
})

describe('The table', () => {
  it('has an operation for each sample, and 60 at least', () => {
    expect(operations.length).toBeGreaterThan(60)
  })
})

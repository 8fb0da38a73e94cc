import { describe, expect, it } from 'vitest'
import { type Answer, createApiUnderTest } from './api-under-test.ts'
import { type Documented, listDocumented, pathOf } from './document-walk.ts'
import { type Ids, sampleOf } from './operation-samples.ts'

const operations = (await listDocumented()).filter(
  ({ security, path }) => security?.length !== 0 && !path.startsWith('platform/'),
)

/** Everything that a caller could tell two answers apart by. */
function comparable(answer: Answer, ids: Ids) {
  let text = answer.text
  for (const id of new Set(Object.values(ids))) text = text.replaceAll(id, '<id>')
  const { request_id: _, ...json } = JSON.parse(text === '' ? '{}' : text)
  const headers = [...answer.headers].filter(([name]) => name !== 'x-request-id')
  return { status: answer.status, headers, json }
}

/** Names in path, query and body by which an operation is given ids. */
const namesId = (documented: Documented) =>
  documented.path.includes('{') ||
  documented.parameters.some(({ name }) => name.endsWith('_id')) ||
  Object.keys(documented.body?.properties ?? {}).some((name) => name.endsWith('_id'))

/** A model is a name of the account's own: Alice's under it is not Bob's. */
const takesAnyName = new Set(['putModel', 'removeModel', 'calculateCost'])

describe.each(operations.filter((one) => namesId(one) && !takesAnyName.has(one.operationId)))(
  '$method $path',
  (documented) => {
    it("answers another account's ids exactly as unknown ones, and leaves no trace there", async () => {
      const api = await createApiUnderTest()
      const foreign: Ids = { ...(await api.fill('alice')), conflictId: 'conflict' }
      const unknown = Object.fromEntries(
        Object.entries(foreign).map(([name, id]) => [name, id.replace(/[0-9a-f]{4}$/, 'ffff')]),
      ) as unknown as Ids
      await api.call('GET', 'sites/', { as: 'bob' })
      await api.storage.system.removeFromOutbox((await api.storage.system.listOutbox(500)).map(({ id }) => id))
      api.writes.length = 0
      const call = (ids: Ids) => {
        const sample = sampleOf(documented.operationId, ids)
        return api.call(documented.method, pathOf(documented, ids, sample?.query), { ...sample, as: 'bob' })
      }
      const [theirs, nobodys] = [await call(foreign), await call(unknown)]
      expect(comparable(theirs, foreign)).toEqual(comparable(nobodys, unknown))
      expect(api.writes.filter((write) => write.startsWith('alice'))).toEqual([])
      expect(await api.storage.system.listOutbox(500)).toEqual([])
      if (documented.path.includes('{')) expect(theirs.status).toBe(404)
    })
  },
)

describe('A list', () => {
  it.each(['integration/', 'content/', 'taxonomies/', 'images/', 'sites/', 'integration/conflicts/', 'ai/usage/'])(
    '%s shows nothing of another account',
    async (path) => {
      const api = await createApiUnderTest()
      await api.fill('alice')
      const { json } = await api.call('GET', path, { as: 'bob' })
      expect(json.results).toEqual([])
    },
  )
})

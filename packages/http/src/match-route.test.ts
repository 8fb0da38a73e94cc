import { describe, expect, it } from 'vitest'
import { createRouter } from './match-route.ts'
import { listOperations } from './operations.ts'

const operations = listOperations({ platform: true })
const find = createRouter(operations)

describe('The router', () => {
  it('finds every operation by its own path', () => {
    for (const operation of operations) {
      const route = find(operation.path.replace(/\{\w+\}/g, 'some-id'))
      expect(`${operation.id} ${route?.operations.get(operation.method)?.id}`).toBe(`${operation.id} ${operation.id}`)
    }
  })

  it('gives ids their names, decoded', () => {
    expect(find('ai/models/vendor%2Fmodel%201/')?.path).toEqual({ modelId: 'vendor/model 1' })
    expect(find('integration/1/webhook_secrets/__proto__')?.path).toEqual({ integrationId: '1', secretId: '__proto__' })
  })

  it.each(['', 'content//', 'content/1/nothing/', 'content/%ff/', `content/${'x'.repeat(256)}/`, 'Content/'])(
    'knows nothing under "%s"',
    (path) => expect(find(path)).toBeUndefined(),
  )

  it('refuses two operations of one path, and two of one name are not there', () => {
    const [first] = operations
    expect(first && (() => createRouter([first, first]))).toThrow(TypeError)
    expect(new Set(operations.map(({ id }) => id)).size).toBe(operations.length)
  })
})

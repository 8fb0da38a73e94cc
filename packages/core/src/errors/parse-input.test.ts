import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import * as z from 'zod'
import { isIgny8Error } from './igny8-error.ts'
import { parseInput } from './parse-input.ts'

const schema = z.strictObject({
  name: z.string().min(2).max(5),
  kind: z.enum(['one', 'two']),
  count: z.number().int().min(0).max(10),
  url: z.url().optional(),
  nested: z.strictObject({ id: z.uuid() }).optional(),
  list: z.array(z.union([z.boolean(), z.literal('x')])).optional(),
  date: z.iso.datetime().optional(),
})
const good = { name: 'abc', kind: 'one', count: 1 } as const

function failure(input: unknown) {
  try {
    parseInput(schema, input)
  } catch (error) {
    if (isIgny8Error(error)) return error
    throw error
  }
  throw new Error('was taken')
}

describe('parseInput', () => {
  it('gives what the schema makes of it', () => {
    expect(parseInput(schema.extend({ count: z.number().default(7) }), { name: 'abc', kind: 'one' })).toEqual({
      ...good,
      count: 7,
    })
  })

  it.each([
    [{ ...good, name: 7 }, 'name'],
    [{ ...good, nested: { id: 'x' } }, 'nested.id'],
    [{ ...good, list: [true, 'y'] }, 'list.1'],
    [{ ...good, accountId: 'other' }, 'accountId'],
    [{ ...good, accountId: 1, status: 2 }, 'accountId, status'],
    [{ ...good, nested: { id: '0190163d-8694-739b-aea5-966c26f8ad91', more: 1 } }, 'nested'],
    [undefined, 'input'],
    [null, 'input'],
    ['text', 'input'],
    [[], 'input'],
  ])('names the first field at fault of %j: %s', (input, field) => {
    const error = failure(input)
    expect(error).toMatchObject({ code: 'INVALID_INPUT', retryable: false, details: { field } })
    expect(error.message).toMatch(new RegExp(`^${field}: `))
    expect(error.hint).not.toBe('')
  })

  it.each([
    [undefined, 'input'],
    [{ kind: 'one', count: 1 }, 'name'],
    [{ name: 'abc', count: 1 }, 'kind'],
  ])('says of %j that %s is missing', (input, field) => {
    expect(failure(input).message).toBe(`${field}: is missing`)
  })

  it('says how many problems there are', () => {
    expect(failure({ name: 1, kind: 2, count: 3 }).details.problems).toBe(2)
  })

  it('refuses members of the prototype, as any that is unknown', () => {
    expect(failure(JSON.parse('{"name":"abc","kind":"one","count":1,"__proto__":{"admin":true}}')).details.field).toBe(
      '__proto__',
    )
  })

  it('never repeats a value', () => {
    const secret = 'hunter2-hunter2'
    const values = fc.constantFrom<unknown>(
      secret,
      [secret],
      { secret: 1, deep: [secret] },
      `https://${secret}`,
      Symbol.for(secret),
    )
    const inputs = fc.record(
      {
        name: values,
        kind: values,
        count: values,
        url: values,
        nested: fc.oneof(values, fc.record({ id: values })),
        list: fc.array(values),
        date: values,
      },
      { requiredKeys: [] },
    )
    fc.assert(
      fc.property(inputs, (input) => {
        const error = failure(input)
        expect(`${JSON.stringify(error)} ${error.stack} ${String(error.cause)}`).not.toContain(secret)
      }),
    )
  })

  it('keeps names short and on one line that the caller made up', () => {
    const error = failure({ ...good, [`a\r\n\u001b[31mb${'k'.repeat(100_000)}`]: 1 })
    expect(JSON.stringify(error).length).toBeLessThan(1_000)
    expect(`${error.message} ${error.details.field}`).not.toMatch(/\p{Cc}/u)
  })
})

it('says of input that is nested beyond the stack that it is too deep', () => {
  const deep = JSON.parse(`${'['.repeat(200_000)}${']'.repeat(200_000)}`)
  expect(() => parseInput(z.json(), deep)).toThrow(expect.objectContaining({ code: 'INVALID_INPUT' }))
})

it('names the field that does not exist before the one that it was meant to be', () => {
  const schema = z.strictObject({ applicationPassword: z.string() })
  expect(() => parseInput(schema, { applicationPasword: 'x' })).toThrow(
    expect.objectContaining({
      message: expect.stringContaining('applicationPasword'),
      hint: expect.stringContaining('Missing: applicationPassword.'),
    }),
  )
})

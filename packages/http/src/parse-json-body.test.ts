import { describe, expect, it } from 'vitest'
import { parseJsonBody } from './parse-json-body.ts'

const parse = (text: string) => parseJsonBody(new TextEncoder().encode(text))

describe('A JSON body', () => {
  it('is an empty object where there is none', () => expect(parse('')).toEqual({}))

  it('may be as deep as 64, and no deeper; brackets in text do not count', () => {
    const nested = (depth: number) => '['.repeat(depth) + ']'.repeat(depth)
    expect(() => parse(nested(64))).not.toThrow()
    expect(() => parse(nested(65))).toThrow('deeper')
    expect(parse(JSON.stringify({ text: `\\"${nested(100)}` }))).toEqual({ text: `\\"${nested(100)}` })
  })

  it.each(['{"__proto__":1}', '{"a":[{"\\u005f_proto__":{}}]}'])('has no way to a prototype: %s', (text) =>
    expect(() => parse(text)).toThrow('must not be'),
  )

  it('is JSON in UTF-8', () => {
    expect(() => parse('{"a":}')).toThrow('not JSON')
    expect(() => parseJsonBody(Uint8Array.from([0x22, 0xff, 0x22]))).toThrow('not UTF-8')
  })
})

import { expect, it } from 'vitest'
import * as z from 'zod'
import { readVendorJson } from './read-vendor-json.ts'

const schema = z.object({ id: z.string() })

function read(body: string, contentType = 'application/json') {
  const headers = new Headers({ 'content-type': contentType })
  return readVendorJson('V', { status: 200, headers, url: '', body: Buffer.from(body), text: () => body }, schema)
}

it('reads what fits', () => {
  expect(read(' {"id":"a","more":1}\n')).toEqual({ id: 'a' })
})

it.each([
  ['Notice: something\n{"id":"a"}', /noise around JSON/],
  ['<!doctype html><html><body>Sign in</body></html>', /a web page/],
  ['{"id":"a', /JSON that breaks off/],
  ['', /nothing/],
  ['hello', /no JSON/],
  ['[]', /JSON of another shape/],
  ['{"id":7}', /"id" is not as expected/],
])('takes %s for no answer, and repeats nothing of it', (body, problem) => {
  expect(() => read(body)).toThrow(
    expect.objectContaining({ code: 'REMOTE_MALFORMED', effect: 'unknown', message: expect.stringMatching(problem) }),
  )
})

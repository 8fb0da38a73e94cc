import fc from 'fast-check'
import { afterEach, describe, expect, it, vi } from 'vitest'
import { parseJson } from './parse-json.ts'

const encoder = new TextEncoder()

function read(body: string | Uint8Array, contentType?: string) {
  const bytes = typeof body === 'string' ? encoder.encode(body) : body
  return parseJson({
    body: bytes,
    headers: new Headers(contentType === undefined ? {} : { 'content-type': contentType }),
  })
}

function latin1(text: string): Uint8Array {
  return Uint8Array.from(text, (character) => character.charCodeAt(0))
}

/** An answer as APIs send it: an object or a list. */
const documents = fc.oneof(fc.dictionary(fc.string(), fc.jsonValue()), fc.array(fc.jsonValue()))
/** What looks like a document, a page or a notice inside of a text of somebody's. */
const traps = fc.constantFrom(
  '<p>[]</p>',
  '>{}<',
  '}\n[]\n{',
  '"]}',
  '\\"[',
  '<html><form>',
  '<br />\n{"id":1}\n',
  'é😀',
)
const rows = fc.array(fc.record({ id: fc.nat(), content: fc.array(traps).map((parts) => parts.join('')) }), {
  minLength: 1,
})

const htmlNotice =
  '<br />\n<b>Warning</b>:  Undefined array key [x] in <b>/site/{closure}.php</b> on line <b>7</b><br />\n'
const plainNotice = '\nWarning: Undefined variable $x in /site/plugin.php on line 7\n'
const databaseError =
  "<div id=\"error\"><p><strong>WordPress database error:</strong> [Table 'wp_x' doesn't exist]<br /></p></div>"

describe('parseJson on JSON', () => {
  it('gives back every value that was sent, whatever it is', () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        expect(read(JSON.stringify(value))).toEqual({
          kind: 'json',
          value: JSON.parse(JSON.stringify(value)),
          hasNoise: false,
        })
      }),
    )
  })

  it('passes over a byte order mark and white space', () => {
    expect(read('\uFEFF \n{"a":1}\n')).toEqual({ kind: 'json', value: { a: 1 }, hasNoise: false })
  })

  it.each([
    ['an HTML notice before it', htmlNotice, ''],
    ['an HTML notice right behind it', '', htmlNotice],
    ['a plain notice before it', plainNotice, ''],
    ['a plain notice behind it', '', plainNotice],
    ['a database error before it', databaseError, ''],
    ['a printed list before it', 'Array\n(\n    [0] => fish\n)\n', ''],
    ['notices on both sides', htmlNotice + databaseError, plainNotice + htmlNotice],
  ])('reads through %s', (_where, before, after) => {
    fc.assert(
      fc.property(fc.oneof(documents, rows), (value) => {
        const json = JSON.stringify(value)
        expect(read(before + json + after)).toEqual({ kind: 'json', value: JSON.parse(json), hasNoise: true })
      }),
    )
  })

  it('reads a document of several lines through a notice', () => {
    const value = [{ id: 1, list: [] }, { id: 2 }]
    expect(read(htmlNotice + JSON.stringify(value, null, 2))).toEqual({ kind: 'json', value, hasNoise: true })
  })
})

describe('parseJson on what is no JSON', () => {
  it.each(['', ' \n', '\uFEFF'])('calls %j empty', (body) => {
    expect(read(body)).toEqual({ kind: 'empty' })
  })

  it('never takes the beginning of a document for a document', () => {
    fc.assert(
      fc.property(
        fc.oneof(documents, rows),
        fc.boolean(),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (value, pretty, part) => {
          const whole = encoder.encode(JSON.stringify(value, null, pretty ? 2 : 0))
          const length = 1 + Math.floor(part * (whole.length - 2))
          expect(read(whole.slice(0, length))).toEqual({ kind: 'truncated' })
          expect(read(new Uint8Array([...encoder.encode(htmlNotice), ...whole.slice(0, length)]))).toEqual({
            kind: 'truncated',
          })
        },
      ),
    )
  })

  it('calls an answer that ends within a character cut off, not wrongly encoded', () => {
    expect(read(encoder.encode('{"title":"é').slice(0, -1))).toEqual({ kind: 'truncated' })
  })

  it.each([
    ['two documents', '[]\n[{"id":1}]'],
    ['a list inside of an item that is not read', 'x{"content":"<p>[]</p>"}'],
    ['the rest of a document', ':"a",\n"list":\n[]\n}'],
    ['a list in the middle of a sentence', 'Cannot use [] for reading'],
    ['a number in a sentence', 'Error: 42'],
    ['a feed', '<?xml version="1.0"?><rss></rss>'],
  ])('takes nothing out of %s', (_what, body) => {
    expect(read(body)).toEqual({ kind: 'other' })
  })

  it.each([
    ['a list in its script', '<!DOCTYPE html><script>\n[]\n</script>'],
    ['structured data', '<html><script type="application/ld+json">\n{"@type":"Blog"}\n</script></html>'],
    ['a document before it', '{"id":1}<!DOCTYPE html><p>There has been a critical error.</p>'],
    ['an open bracket', '<html><script>if (x) {</script>'],
  ])('calls a page with %s a page', (_what, body) => {
    expect(read(body)).toEqual({ kind: 'html', page: body })
  })

  it('knows a login page by its field for the password', () => {
    const page = "<html><form><input type=\"text\"><input name='pwd' type='password'></form></html>"
    expect(read(page)).toEqual({ kind: 'login-page', page })
    expect(read('<html>wp-login.php, password</html>')).toMatchObject({ kind: 'html' })
  })
})

describe('parseJson on encodings', () => {
  const accents = '{"title":"déjà"}'

  it('believes the bytes more than the header', () => {
    expect(read(accents, 'application/json; charset=ISO-8859-1')).toMatchObject({ value: { title: 'déjà' } })
  })

  it('decodes by the declared charset what is not UTF-8', () => {
    for (const contentType of ['text/json; charset=iso-8859-1', 'text/json;CHARSET="windows-1252"']) {
      expect(read(latin1(accents), contentType)).toMatchObject({ kind: 'json', value: { title: 'déjà' } })
    }
    const utf16 = new Uint8Array(Buffer.from(`\uFEFF${accents}`, 'utf16le'))
    expect(read(utf16, 'application/json; charset=utf-16le')).toMatchObject({ value: { title: 'déjà' } })
  })

  it.each([undefined, 'application/json', 'application/json; charset=UTF-8', 'text/json; charset=klingon'])(
    'never replaces a character where the charset is unknown (%s)',
    (contentType) => {
      expect(read(latin1(accents), contentType)).toEqual({ kind: 'wrong-charset' })
    },
  )

  it('refuses bytes that the declared charset does not know', () => {
    expect(read(Uint8Array.of(0x7b, 0xff, 0xff), 'application/json; charset=shift_jis')).toEqual({
      kind: 'wrong-charset',
    })
  })

  it('never gives text that was not sent, whatever the bytes and the header', () => {
    const charsets = fc.constantFrom(undefined, 'a/b; charset=utf-8', 'a/b; charset=latin1', 'a/b; charset=big5')
    fc.assert(
      fc.property(fc.uint8Array(), charsets, (bytes, contentType) => {
        const plain = bytes.filter((byte) => byte > 0x5c)
        const quoted = new Uint8Array([0x22, ...plain, 0x22])
        const answer = read(quoted, contentType)
        const isUtf8 = Buffer.from(quoted).equals(encoder.encode(new TextDecoder().decode(quoted)))
        if (answer.kind === 'json' && !isUtf8) expect(answer.value).not.toContain('\uFFFD')
        if (isUtf8) expect(answer).toMatchObject({ value: new TextDecoder('utf-8', { ignoreBOM: true }).decode(plain) })
      }),
    )
  })

  it('knows a page in any encoding, but no content of it', () => {
    expect(read(latin1('<html><title>Accès refusé</title></html>'))).toMatchObject({ kind: 'html' })
    expect(read(latin1('{"content":"<html>é</html>"}'))).toEqual({ kind: 'wrong-charset' })
  })
})

describe('parseJson on hostile bodies', () => {
  afterEach(() => {
    vi.restoreAllMocks()
  })

  it.each([
    ['brackets that never close', '\n[', ''],
    ['lists that never parse', '\n[x]\n', ''],
    ['documents', '\n[]\n', ''],
    ['tags', '<b>', '['],
    ['open strings', '\n["', ''],
    ['indented lines', '\n    ', '{'],
    ['fields of a form', '<html><input type', ''],
  ])('looks at each character once, and parses it at most twice, where it gets %s', (_what, part, end) => {
    const body = part.repeat(2_000) + end
    const parsing = vi.spyOn(JSON, 'parse')
    const looking = vi.spyOn(String.prototype, 'charAt')
    read(body)
    const parsed = parsing.mock.calls.reduce((sum, [text]) => sum + text.length, 0)
    expect(parsed).toBeLessThanOrEqual(2 * body.length)
    expect(looking.mock.calls.length).toBeLessThanOrEqual(body.length)
  })

  it('answers for any text', () => {
    const pieces = fc.constantFrom('[', ']', '{', '}', '"', '\\', ':', ',', '\n', '<html>', '>', '<', ' ', '1', 'x')
    fc.assert(
      fc.property(fc.array(pieces), (parts) => {
        expect(read(parts.join('')).kind).toBeTypeOf('string')
      }),
    )
  })
})

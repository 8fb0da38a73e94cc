import { createHash } from 'node:crypto'
import { describe, expect, it } from 'vitest'
import { createDocuments } from './create-documents.ts'
import { renderDocsPage } from './docs-page.ts'
import { listOperations } from './operations.ts'
import { sampleOfSchema, writeSchema } from './schema-notation.ts'

const operations = listOperations({ platform: true })
const shown = createDocuments(operations, '/api/v1', true)

describe('The page of the API', () => {
  it('is there where the host asks for it, to be read and nothing else', async () => {
    const hidden = createDocuments(operations, '/api/v1', false)
    expect([await hidden('GET', 'docs/'), await hidden('GET', 'docs'), await shown('POST', 'docs/')]).toEqual([
      undefined,
      undefined,
      undefined,
    ])
    expect((await hidden('GET', 'openapi.json'))?.status).toBe(200)
    expect((await shown('GET', 'docs/'))?.status).toBe(200)
  })

  it('leads to itself wherever it is mounted', async () => {
    const answer = await shown('GET', 'docs')
    expect([answer?.status, answer?.headers.get('location')]).toEqual([308, 'docs/'])
  })

  it('allows its own script and style by what they are, and nothing from elsewhere', async () => {
    const answer = await shown('GET', 'docs/')
    const html = (await answer?.text()) ?? ''
    const policy = answer?.headers.get('content-security-policy') ?? ''
    for (const [kind, name] of [
      ['script-src', 'script'],
      ['style-src', 'style'],
    ]) {
      const text = new RegExp(`<${name}>(.*?)</${name}>`, 's').exec(html)?.[1] ?? ''
      const hash = createHash('sha256').update(text).digest('base64')
      expect(policy).toContain(`${kind} 'sha256-${hash}';`)
    }
    expect(policy).toMatch(/^default-src 'none'; .*frame-ancestors 'none'/)
    expect(policy).not.toMatch(/unsafe|https?:|\*/)
    expect(html).not.toMatch(/(src|href)="(https?:)?\/\//)
  })

  it('stays small', async () => {
    const html = (await (await shown('GET', 'docs/'))?.text()) ?? ''
    expect(html.length).toBeLessThan(250_000)
  })

  it('shows what it is given as text', () => {
    const evil = `"><script>alert('x')</script>&`
    const operation = {
      operationId: evil,
      tags: [evil],
      summary: evil,
      parameters: [{ name: evil, in: 'query', required: false, description: evil, schema: { enum: [evil] } }],
      requestBody: { required: true, content: { 'application/json': { schema: { properties: { [evil]: {} } } } } },
      responses: { 200: { content: { [evil]: { schema: { const: evil } } } } },
    }
    const { html } = renderDocsPage({
      info: { title: evil, version: evil },
      tags: [{ name: evil }],
      paths: { [evil]: { [evil]: operation } },
    })
    expect(html.match(/<script/g)).toHaveLength(1)
    expect(html).not.toContain(evil)
    expect(html).toContain('&lt;script&gt;')
  })
})

describe('A schema for people', () => {
  it.each([
    [{ type: 'string' }, 'string', ''],
    [{ type: ['integer', 'null'] }, 'integer | null', 1],
    [{ type: 'string', format: 'date-time' }, 'date-time', ''],
    [{ enum: ['a', 2, null] }, '"a" | 2 | null', 'a'],
    [{ const: true }, 'true', true],
    [{ anyOf: [{ type: 'string' }, { type: 'null' }] }, 'string | null', ''],
    [{ type: 'array', items: { type: 'boolean' } }, 'list of boolean', []],
    [{ type: 'object', additionalProperties: { type: 'number' } }, '{ [name]: number }', {}],
    [{ $ref: '#/$defs/a' }, 'any JSON', ''],
    [{}, 'any', ''],
    [
      { type: 'object', required: ['a'], properties: { a: { type: 'boolean' }, b: { type: 'number', default: 3 } } },
      '{\n  a: boolean\n  b?: number\n}',
      { a: true },
    ],
  ])('%j is written, and has a sample', (schema, written, sample) => {
    expect(writeSchema(schema)).toBe(written)
    expect(sampleOfSchema(schema)).toEqual(sample)
  })
})

import { createHash } from 'node:crypto'
import { runDocsPage } from './docs-script.ts'
import { docsStyle } from './docs-style.ts'
import { type DocumentedSchema, sampleOfSchema, writeSchema } from './schema-notation.ts'

/** As much of the OpenAPI document as is shown. */
interface ApiDocument {
  readonly info: { readonly title: string; readonly version: string }
  readonly tags: readonly { readonly name: string }[]
  readonly paths: Readonly<Record<string, Readonly<Record<string, DocumentedOperation>>>>
}

interface DocumentedOperation {
  readonly operationId: string
  readonly tags: readonly string[]
  readonly summary: string
  readonly security?: readonly unknown[]
  readonly parameters: readonly DocumentedParameter[]
  readonly requestBody?: { readonly required: boolean; readonly content: Content }
  readonly responses: Readonly<Record<string, { readonly description?: string; readonly content?: Content }>>
}

interface DocumentedParameter {
  readonly name: string
  readonly in: string
  readonly required: boolean
  readonly description?: string
  readonly schema: DocumentedSchema
}

type Content = Readonly<Record<string, { readonly schema: DocumentedSchema }>>

/**
 * A page to read and try the API, made from its OpenAPI document: one answer that loads nothing, allows no script and no style but its own, and speaks only to the
 * origin that it is from.
 */
export function renderDocsPage(given: unknown): {
  readonly html: string
  readonly headers: Readonly<Record<string, string>>
} {
  const document = given as ApiDocument
  const script = `(${runDocsPage})(window)`
  const operations = Object.entries(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method: method.toUpperCase(), operation })),
  )
  const sections = document.tags.map(({ name }) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(name))
    return markup`<section><h2>${name}</h2>${own.map(showOperation)}</section>\n`
  })
  const { title, version } = document.info
  const page = markup`<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${title} API</title>
<style>${raw(docsStyle)}</style>
</head>
<body>
<header>
<h1>${title} API</h1>
<p>Version ${version}. The whole document is at <a href="../openapi.json">openapi.json</a>. What you send here is carried out.</p>
</header>
<div class="bar" role="search">
<label><span>Key, sent as <code>Authorization: Bearer</code>; gone with this page</span><input id="key" type="password" autocomplete="off" spellcheck="false"></label>
<label><span>Filter</span><input id="filter" type="search" autocomplete="off"></label>
</div>
<main>
${sections}</main>
<script>${raw(script)}</script>
</body>
</html>
`
  return { html: page.html, headers: headersOf(script) }
}

function headersOf(script: string): Readonly<Record<string, string>> {
  const hash = (text: string) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`
  return {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': [
      "default-src 'none'",
      `script-src ${hash(script)}`,
      `style-src ${hash(docsStyle)}`,
      "connect-src 'self'",
      "base-uri 'none'",
      "form-action 'none'",
      "frame-ancestors 'none'",
      "require-trusted-types-for 'script'",
    ].join('; '),
    'referrer-policy': 'no-referrer',
    'x-frame-options': 'DENY',
  }
}

function showOperation({ path, method, operation }: Shown): Markup {
  const { operationId, summary, parameters, requestBody, responses, security } = operation
  const text = `${method} ${path} ${operationId} ${summary}`.toLowerCase()
  const schema = requestBody?.content['application/json']?.schema
  return markup`<details id="${operationId}" data-text="${text}">
<summary><span class="method">${method}</span> <span class="path">${path}</span><br><span class="soft">${summary}</span></summary>
<form data-method="${method}" data-path="${path}" autocomplete="off">
<p>${operationId}${security?.length === 0 ? ', needs no key' : ''}</p>
${parameters.map(showField)}${schema === undefined ? '' : showBody(schema)}
<button aria-label="Send ${operationId}">Send</button> <button type="button" data-stop hidden>Stop</button>
<output aria-live="polite"></output>
${Object.entries(responses).map(([status, answer]) => showAnswer(status, answer))}</form>
</details>
`
}

interface Shown {
  readonly path: string
  readonly method: string
  readonly operation: DocumentedOperation
}

function showField({ name, in: place, required, description, schema }: DocumentedParameter): Markup {
  const values = schema.type === 'boolean' ? ['true', 'false'] : schema.enum?.map(String)
  const about = [place, required ? 'required' : '', values === undefined ? writeSchema(schema) : '', description ?? '']
  const attributes = markup`data-in="${place}" data-name="${name}"${required ? raw(' required') : ''}`
  const field =
    values === undefined
      ? markup`<input ${attributes}>`
      : markup`<select ${attributes}><option></option>${values.map((value) => markup`<option>${value}</option>`)}</select>`
  return markup`<label><span><code>${name}</code> <span class="soft">${about.filter(Boolean).join(', ')}</span></span>${field}</label>\n`
}

function showBody(schema: DocumentedSchema): Markup {
  return markup`<label><span>Body</span><textarea data-in="body" spellcheck="false">${JSON.stringify(sampleOfSchema(schema), null, 2)}</textarea></label>
<details><summary>What the body may hold</summary><pre>${writeSchema(schema)}</pre></details>
`
}

function showAnswer(status: string, { content = {} }: { readonly content?: Content }): Markup {
  const [[type, answer] = ['', undefined]] = Object.entries(content)
  if (status === 'default') return markup``
  if (answer === undefined) return markup`<p>${status}, without a body</p>\n`
  return markup`<details><summary>${status}, ${type}</summary><pre>${writeSchema(answer.schema)}</pre></details>\n`
}

/** Text that is markup already. */
interface Markup {
  readonly html: string
}

const raw = (html: string): Markup => ({ html })

/** Markup with values in it: each is escaped, unless it is markup itself. */
function markup(pieces: TemplateStringsArray, ...values: readonly (string | Markup | readonly Markup[])[]): Markup {
  const written = values.map((value) =>
    typeof value === 'string'
      ? escapeText(value)
      : 'html' in value
        ? value.html
        : value.map(({ html }) => html).join(''),
  )
  return raw(String.raw({ raw: pieces }, ...written))
}

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
}

function escapeText(text: string): string {
  return text.replace(/[&<>"']/g, (character) => escapes[character] ?? '')
}

import { describeApi } from './describe-api.ts'
import type { Operation } from './operation.ts'

/** Answers with what describes the API itself; `undefined` for all other paths, given below the base path. Each is made once, when it is first asked for. */
export function createDocuments(operations: readonly Operation[], basePath: string, withPage: boolean) {
  let document: string | undefined
  let page: Promise<{ readonly html: string; readonly headers: Readonly<Record<string, string>> }> | undefined

  function writeDocument(): string {
    document ??= JSON.stringify(describeApi(operations, basePath))
    return document
  }

  async function renderPage() {
    const { renderDocsPage } = await import('./docs-page.ts')
    return renderDocsPage(JSON.parse(writeDocument()))
  }

  return async (method: string, path: string): Promise<Response | undefined> => {
    if (method !== 'GET' && method !== 'HEAD') return undefined
    if (path === 'openapi.json')
      return new Response(writeDocument(), { headers: { 'content-type': 'application/json' } })
    if (!withPage) return undefined
    // Relative, as only the browser knows where all this is mounted.
    if (path === 'docs') return new Response(null, { status: 308, headers: { location: 'docs/' } })
    if (path !== 'docs/') return undefined
    page ??= renderPage()
    const { html, headers } = await page
    return new Response(html, { headers })
  }
}

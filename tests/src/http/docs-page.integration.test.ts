import { once } from 'node:events'
import type { AddressInfo } from 'node:net'
import { createExpressMiddleware } from '@igny8/http/express'
import axe from 'axe-core'
import express from 'express'
import helmet from 'helmet'
import type { Browser, Page } from 'playwright-core'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createApiUnderTest } from './api-under-test.ts'
import { startBrowser } from './start-browser.ts'

const closing: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

interface OpenInput {
  readonly colorScheme?: 'light' | 'dark'
  readonly before?: express.RequestHandler
}

/** Skipped where no services are asked for, as it starts a browser. */
describe.skipIf(process.env.IGNY8_REQUIRE_SERVICES !== '1')('The page of the API in a browser', () => {
  let browser: Browser
  beforeAll(async () => {
    browser = await startBrowser()
  })
  afterAll(() => browser?.close())

  /** As a host has it: helmet before it, and a proxy that serves it below a path of its own. */
  async function open({ colorScheme = 'light', before = helmet() }: OpenInput = {}) {
    const api = await createApiUnderTest({ docs: true })
    const ids = await api.fill('alice')
    const host = express().use(before, createExpressMiddleware(api.handle))
    const proxy = express().use('/mounted', (request, answer) => {
      request.originalUrl = request.url
      host(request, answer)
    })
    const server = proxy.listen(0, '127.0.0.1')
    await once(server, 'listening')
    const origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const context = await browser.newContext({ colorScheme })
    closing.push(
      async () => {
        server.closeAllConnections()
        server.close()
      },
      () => context.close(),
    )
    const page = await context.newPage()
    const problems: string[] = []
    const requested: string[] = []
    page.on('console', (message) => message.type() === 'error' && problems.push(message.text()))
    page.on('pageerror', (error) => problems.push(String(error)))
    page.on('request', (request) => requested.push(request.url()))
    await page.goto(`${origin}/mounted/api/v1/docs`)
    return { api, ids, page, context, origin, problems, requested }
  }

  const operation = (page: Page, id: string) => page.locator(`[id="${id}"]`)
  async function send(page: Page, id: string, fields: Readonly<Record<string, string>> = {}) {
    const found = operation(page, id)
    await found.locator('> summary').click()
    for (const [name, value] of Object.entries(fields)) await found.locator(`[data-name="${name}"]`).fill(value)
    await found.getByRole('button', { name: 'Send' }).click()
    return found.locator('output')
  }

  it('lists every operation of the document, and loads nothing else', async () => {
    const { api, page, origin, problems, requested } = await open()
    const { json } = await api.call('GET', 'openapi.json', { as: null })
    const documented = Object.values<Record<string, { operationId: string }>>(json.paths).flatMap((methods) =>
      Object.values(methods).map(({ operationId }) => operationId),
    )
    const shown = await page.locator('details[id]').evaluateAll((all) => all.map(({ id }) => id))
    expect(shown.toSorted()).toEqual(documented.toSorted())
    expect(requested).toEqual([`${origin}/mounted/api/v1/docs`, `${origin}/mounted/api/v1/docs/`])
    expect(problems).toEqual([])
    await page.getByRole('link', { name: 'openapi.json' }).click()
    expect(page.url()).toBe(`${origin}/mounted/api/v1/openapi.json`)
  })

  it('tries operations with a key: reads, writes, and shows what is refused', async () => {
    const { page, ids, problems } = await open()
    const list = await send(page, 'listContent')
    await expect.poll(() => list.textContent()).toContain('401')
    await page.getByLabel('Key, sent').fill('alice')
    await operation(page, 'listContent').getByRole('button', { name: 'Send' }).click()
    await expect.poll(() => list.textContent()).toContain('"title": "Hello"')
    const got = await send(page, 'getContent', { content_id: ids.contentId })
    await expect.poll(() => got.textContent()).toMatch(/^200 OK\netag: "1"/)
    const create = operation(page, 'createContent')
    const sample = JSON.parse(await create.locator('textarea').inputValue())
    expect(sample).toEqual({ site_id: '', type: '', title: '' })
    const body = JSON.stringify({ site_id: ids.siteId, type: 'post', title: '<img src=x onerror=alert(1)>' })
    await create.locator('> summary').click()
    await create.locator('textarea').fill(body)
    await create.getByRole('button', { name: 'Send' }).click()
    await expect.poll(() => create.locator('output').textContent()).toContain('201 Created')
    expect(await page.locator('output img').count()).toBe(0)
    expect(problems.filter((problem) => !problem.includes('401'))).toEqual([])
  })

  it('shows progress as it comes, and stops where it is told to', async () => {
    const { api, page, ids } = await open()
    const gate = Promise.withResolvers<void>()
    api.platform.interfere.before = () => gate.promise
    const run = api.igny8.forAccount('alice').sync.run({ integrationId: ids.integrationId })
    await page.getByLabel('Key, sent').fill('alice')
    const output = await send(page, 'followProgress', { integration_id: ids.integrationId })
    await expect.poll(() => output.textContent()).toContain('retry:')
    await operation(page, 'followProgress').getByRole('button', { name: 'Stop' }).click()
    await expect.poll(() => output.textContent()).toContain('Stopped.')
    gate.resolve()
    await run
  })

  it('keeps no key: not in a storage, a cookie, an address or a request that is not to its own origin', async () => {
    const { page, context, origin, requested } = await open()
    await page.getByLabel('Key, sent').fill('alice')
    const output = await send(page, 'listSites')
    await expect.poll(() => output.textContent()).toContain('200')
    expect(await context.storageState()).toEqual({ cookies: [], origins: [] })
    expect(await page.evaluate('localStorage.length + sessionStorage.length')).toBe(0)
    for (const url of [page.url(), ...requested]) {
      expect(url.startsWith(origin)).toBe(true)
      expect(url).not.toContain('alice')
    }
    await page.reload()
    expect(await page.getByLabel('Key, sent').inputValue()).toBe('')
  })

  it('runs no script but its own, and lets nobody frame it or lead it elsewhere', async () => {
    const { page, problems } = await open({ before: (_request, _answer, next) => next() })
    const isRun = await page
      .evaluate(`new Promise((resolve) => {
      document.body.append(Object.assign(document.createElement('script'), { textContent: 'window.isRun = true' }))
      const image = document.createElement('img')
      image.setAttribute('onerror', 'window.isRun = true')
      document.body.append(image)
      fetch('https://elsewhere.example/').catch(() => resolve(window.isRun === true))
    })`)
      .catch((error: unknown) => String(error))
    expect(isRun).not.toBe(true)
    expect(problems.join('\n')).toMatch(/Content Security Policy|TrustedScript/)
    expect(await page.evaluate('window.isRun')).toBe(undefined)
  })

  it('finds what is asked for, and opens what an address names', async () => {
    const { page } = await open()
    await page.getByLabel('Filter').fill('webhook secret')
    const visible = page.locator('details[id]:visible')
    expect(await visible.evaluateAll((all) => all.map(({ id }) => id))).toEqual([
      'createWebhookSecret',
      'removeWebhookSecret',
    ])
    await page.goto(`${page.url()}#getImage`)
    expect(await operation(page, 'getImage').getAttribute('open')).toBe('')
  })

  it.each(['light', 'dark'] as const)('can be used by everybody, in the %s', async (scheme) => {
    const { page } = await open({ colorScheme: scheme })
    await operation(page, 'createContent').locator('> summary').click()
    // Over the protocol of the browser, as the page itself would refuse a script.
    await page.evaluate(axe.source)
    const { violations } = (await page.evaluate('axe.run()')) as { violations: { id: string; nodes: unknown[] }[] }
    expect(violations.map(({ id, nodes }) => `${id} ${JSON.stringify(nodes).slice(0, 300)}`)).toEqual([])
  })
})

import { expect, it } from 'vitest'
import { serveFakeWordPress } from './serve-fake-wordpress.ts'
import { createTestSite } from './test-site.ts'

it('answers over a port as it does in memory', async () => {
  const { site, request } = createTestSite()
  const served = await serveFakeWordPress(site)
  try {
    const { headers, body } = request('wp/v2/posts', { body: { title: 'Over the wire' } })
    const url = `${served.url}/wp-json/wp/v2/posts?_fields=title.raw,link`
    const answer = await fetch(url, { method: 'POST', headers, body: Buffer.from(body) })
    expect(answer.status).toBe(201)
    expect(await answer.json()).toMatchObject({
      title: { raw: 'Over the wire' },
      link: expect.stringContaining(served.url),
    })
  } finally {
    await served.stop()
  }
})

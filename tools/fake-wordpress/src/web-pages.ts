import { acceptsInXmlRpc } from './authenticate.ts'
import type { FakeSite } from './fake-site.ts'
import type { SiteRequest, SiteResponse } from './handle-request.ts'

const html = { 'content-type': 'text/html; charset=UTF-8' }

/** What a site answers outside of its REST API: as much of it as a client looks at. */
export function answerPage(site: FakeSite, request: SiteRequest, path: string): SiteResponse {
  if (path === '/xmlrpc.php') return answerXmlRpc(site, request)
  if (path === '/wp-links-opml.php') return page(200, opml(site), { 'content-type': 'text/xml; charset=UTF-8' })
  const upload = /^\/wp-content\/uploads\/(.+)$/.exec(path)?.[1]
  if (upload !== undefined) return answerUpload(site, decodeURIComponent(upload))
  const { name, url, permalinks } = site.state.settings
  const link = { ...html, link: `<${apiRootOf(site)}>; rel="https://api.w.org/"` }
  const slug = path.replaceAll(/^\/|\/$/g, '')
  // Without permalinks every address that is no file is the home page.
  const isThere =
    permalinks === 'plain' || slug === '' || slug === 'index.php' || hasPublished(site, slug.split('/').at(-1) ?? '')
  const body = `<!DOCTYPE html>\n<html lang="en-US"><head><title>${name}</title><link rel="https://api.w.org/" href="${apiRootOf(site)}" /><link rel="stylesheet" href="${url}/wp-includes/css/style.css" /></head><body></body></html>`
  return page(isThere ? 200 : 404, body, link)
}

export function apiRootOf(site: FakeSite): string {
  const { url, permalinks } = site.state.settings
  return permalinks === 'pretty' ? `${url}/wp-json/` : `${url}/index.php?rest_route=/`
}

/** nginx's own answer to a request line that does not fit its buffer. */
export function answerTooLong(): SiteResponse {
  const title = '414 Request-URI Too Large'
  return page(
    414,
    `<html>\r\n<head><title>${title}</title></head>\r\n<body>\r\n<center><h1>${title}</h1></center>\r\n</body>\r\n</html>\r\n`,
    { 'content-type': 'text/html' },
  )
}

function hasPublished(site: FakeSite, slug: string): boolean {
  for (const post of site.state.posts.values()) if (post.slug === slug && post.status === 'publish') return true
  return false
}

function answerUpload(site: FakeSite, file: string): SiteResponse {
  for (const media of site.state.media.values()) {
    if (media.file === file) return { status: 200, headers: { 'content-type': media.mimeType }, body: media.bytes }
  }
  return page(404, '', html)
}

function opml(site: FakeSite): string {
  return `<?xml version="1.0"?>\n<opml version="1.0">\n\t<head>\n\t\t<title>Links for ${site.state.settings.name}</title>\n\t\t<dateCreated>${site.time.now().toUTCString()}</dateCreated>\n\t\t<!-- generator="WordPress/${site.version}" -->\n\t</head>\n\t<body>\n</body>\n</opml>\n`
}

function answerXmlRpc(site: FakeSite, request: SiteRequest): SiteResponse {
  const xml = { 'content-type': 'text/xml; charset=UTF-8' }
  if (request.method !== 'POST')
    return page(405, 'XML-RPC server accepts POST requests only.', { 'content-type': 'text/plain' })
  if (!site.configuration.xmlRpc) return page(200, fault(405, 'XML-RPC services are disabled on this site.'), xml)
  const sent = Buffer.from(request.body).toString()
  const method = /<methodName>([^<]*)<\/methodName>/.exec(sent)?.[1]
  if (method !== 'wp.getUsersBlogs') {
    return page(200, fault(-32601, `server error. requested method ${method} does not exist.`), xml)
  }
  const [login = '', password = ''] = [...sent.matchAll(/<string>([^<]*)<\/string>/g)].map(([, text = '']) =>
    text.replaceAll('&lt;', '<').replaceAll('&gt;', '>').replaceAll('&amp;', '&'),
  )
  if (!acceptsInXmlRpc(site, login, password)) return page(200, fault(403, 'Incorrect username or password.'), xml)
  const { name, url } = site.state.settings
  const member = (key: string, value: string) =>
    `<member><name>${key}</name><value><string>${value}</string></value></member>`
  const struct = `<struct>${member('url', `${url}/`)}${member('blogName', name)}</struct>`
  const params = `<params><param><value><array><data><value>${struct}</value></data></array></value></param></params>`
  return page(200, `<?xml version="1.0" encoding="UTF-8"?>\n<methodResponse>${params}</methodResponse>\n`, xml)
}

function fault(code: number, message: string): string {
  const value = `<struct><member><name>faultCode</name><value><int>${code}</int></value></member><member><name>faultString</name><value><string>${message}</string></value></member></struct>`
  return `<?xml version="1.0" encoding="UTF-8"?>\n<methodResponse><fault><value>${value}</value></fault></methodResponse>\n`
}

function page(status: number, text: string, headers: Readonly<Record<string, string>>): SiteResponse {
  return { status, headers, body: Buffer.from(text) }
}

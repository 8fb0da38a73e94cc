import type { SiteAnswer } from './carry-out.ts'
import type { Fault } from './fault.ts'

const html = { 'content-type': 'text/html; charset=UTF-8' }

const pages = {
  login:
    '<!DOCTYPE html><html><head><title>Log In</title></head><body><form action="/wp-login.php" method="post">' +
    '<input type="text" name="log"><input type="password" name="pwd"></form></body></html>',
  maintenance:
    '<!DOCTYPE html><html><head><title>Maintenance</title></head><body>' +
    '<h1>Briefly unavailable for scheduled maintenance. Check back in a minute.</h1></body></html>',
}

const gateways = { 502: 'Bad Gateway', 503: 'Service Unavailable', 504: 'Gateway Time-out' } as const

/** What a web server says for itself. */
export function gatewayError(status: keyof typeof gateways): SiteAnswer {
  return serverPage(status, `${status} ${gateways[status]}`)
}

export function unauthorized(): SiteAnswer {
  const answer = serverPage(401, '401 Authorization Required')
  return { ...answer, headers: { ...answer.headers, 'www-authenticate': 'Basic realm="Restricted"' } }
}

export function tooManyRequests(fault: Fault & { kind: 'too-many-requests' }, now: Date): SiteAnswer {
  const answer = serverPage(429, '429 Too Many Requests')
  const until = new Date(now.getTime() + fault.seconds * 1_000)
  const retryAfter = fault.form === 'seconds' ? String(fault.seconds) : until.toUTCString()
  return { ...answer, headers: { ...answer.headers, 'retry-after': retryAfter } }
}

export function pageInstead(page: keyof typeof pages): SiteAnswer {
  return { status: 200, headers: html, body: Buffer.from(pages[page]) }
}

/** The answer with what PHP prints where `display_errors` is on. */
export function withNotice(answer: SiteAnswer, place: 'before' | 'after'): SiteAnswer {
  const notice = Buffer.from(
    '<br />\n<b>Warning</b>:  Undefined array key "x" in <b>/site/plugin.php</b> on line <b>7</b><br />\n',
  )
  const parts = place === 'before' ? [notice, answer.body] : [answer.body, Buffer.from('\n'), notice]
  return { ...answer, body: Buffer.concat(parts) }
}

function serverPage(status: number, title: string): SiteAnswer {
  const body = `<html>\r\n<head><title>${title}</title></head>\r\n<body><center><h1>${title}</h1></center></body>\r\n</html>\r\n`
  return { status, headers: html, body: Buffer.from(body) }
}

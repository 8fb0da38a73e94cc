import type { SiteResponse } from '@igny8-tools/fake-wordpress'
import type { Dice } from './create-dice.ts'

const html = { 'content-type': 'text/html; charset=UTF-8' }

/** An answer that was carried out and arrives broken. */
export function corruptAnswer(response: SiteResponse, dice: Dice): SiteResponse {
  const { body, headers } = response
  switch (dice.between(1, 7)) {
    case 1:
      return { ...response, body: body.slice(0, Math.floor(body.length * dice.roll())) }
    case 2:
      return { ...response, body: Buffer.concat([notice, body]) }
    case 3:
      return { ...response, body: Buffer.concat([body, notice]) }
    case 4:
      return { ...response, body: new Uint8Array() }
    case 5:
      return { status: 502, headers: { ...html, date: headers.date ?? '' }, body: page('502 Bad Gateway') }
    case 6:
      return {
        status: 500,
        headers: { ...html, date: headers.date ?? '' },
        body: page('There has been a critical error'),
      }
    default:
      return answerPage(response)
  }
}

const notice = Buffer.from(
  '<br />\n<b>Notice</b>:  Undefined index: a in <b>/srv/plugin.php</b> on line <b>3</b><br />\n',
)

function page(title: string): Uint8Array {
  return Buffer.from(`<!DOCTYPE html><html><head><title>${title}</title></head><body>${title}</body></html>`)
}

/** A maintenance page with 200. */
export function answerPage({ headers }: Pick<SiteResponse, 'headers'>): SiteResponse {
  return { status: 200, headers: { ...html, date: headers.date ?? '' }, body: page('Maintenance mode') }
}

/** What a site says whose REST API is switched off for a moment, or whose rewrite rules are gone. */
export function answerNoRoute(date: string, dice: Dice): SiteResponse {
  if (dice.chance(0.5)) return { status: 404, headers: { ...html, date }, body: page('Not Found') }
  const refusal = { code: 'rest_no_route', message: 'No route was found.', data: { status: 404 } }
  return json(404, date, refusal)
}

export function answerBusy(date: string, dice: Dice): SiteResponse {
  const after = dice.pick(['1', '7', '40', '120'])
  const headers = { ...html, date, 'retry-after': after }
  return { status: dice.pick([429, 503]), headers, body: page('Slow down') }
}

/** One of several answers fails although it was carried out, or is missing. */
export function losePart(response: SiteResponse, dice: Dice): SiteResponse {
  const value: unknown = JSON.parse(Buffer.from(response.body).toString())
  const responses = (value as { readonly responses?: readonly unknown[] }).responses ?? []
  if (responses.length === 0) return response
  const failed = { status: 500, headers: {}, body: { code: 'internal_server_error', message: 'Failed.', data: null } }
  const at = dice.between(0, responses.length - 1)
  const kept = dice.chance(0.5) ? responses.slice(0, -1) : responses.map((one, index) => (index === at ? failed : one))
  return { ...response, body: Buffer.from(JSON.stringify({ ...(value as object), responses: kept })) }
}

function json(status: number, date: string, value: unknown): SiteResponse {
  const headers = { 'content-type': 'application/json; charset=UTF-8', date }
  return { status, headers, body: Buffer.from(JSON.stringify(value)) }
}

import type { HttpResponse } from '@igny8/core'
import { type JsonAnswer, parseJson } from '@igny8/core/adapter-kit'

/** The body of a site's answer; `maintenance` is the page that WordPress and its plugins show meanwhile. */
export type SiteAnswer = JsonAnswer | { readonly kind: 'maintenance' }

/** Reads the JSON of a site's answer, or says what the site shows instead. */
export function readAnswer(response: Pick<HttpResponse, 'body' | 'headers'>): SiteAnswer {
  const answer = parseJson(response)
  return answer.kind === 'html' && isMaintenance(answer.page) ? { kind: 'maintenance' } : answer
}

function isMaintenance(page: string): boolean {
  return /scheduled maintenance|maintenance mode/i.test(page.slice(0, 20_000))
}

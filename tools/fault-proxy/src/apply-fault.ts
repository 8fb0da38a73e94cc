import type { ServerResponse } from 'node:http'
import type { SiteAnswer } from './carry-out.ts'
import type { Fault } from './fault.ts'
import { gatewayError, pageInstead, tooManyRequests, unauthorized, withNotice } from './replacement-answers.ts'
import { reset, sendAndReset, sendHalf, sendInPieces, sendWhole } from './send-answer.ts'

/** One request on its way, and what a fault may do with it. */
export interface FaultyExchange {
  readonly outgoing: ServerResponse
  now(): Date
  wait(ms: number): Promise<void>
  /** Sends it to the site once more. */
  carryOut(options?: { readonly withoutAuthorization?: boolean }): Promise<SiteAnswer>
}

const pieces = 10

/** Carries the request out, or not, and answers, or not, as the fault says. */
export async function applyFault(exchange: FaultyExchange, fault: Fault | null): Promise<void> {
  const { outgoing } = exchange
  if (fault === null) return sendWhole(outgoing, await exchange.carryOut())
  switch (fault.kind) {
    case 'cut': {
      if (fault.when === 'before') return reset(outgoing)
      const answer = await exchange.carryOut()
      return fault.when === 'after' ? reset(outgoing) : sendAndReset(outgoing, answer)
    }
    case 'truncate':
      return sendHalf(outgoing, await exchange.carryOut(), fault.declares)
    case 'hold':
      await exchange.wait(fault.ms)
      return sendWhole(outgoing, await exchange.carryOut())
    case 'answer-late': {
      const answer = await exchange.carryOut()
      await exchange.wait(fault.ms)
      return sendWhole(outgoing, answer)
    }
    case 'drip': {
      const answer = await exchange.carryOut()
      return sendInPieces(outgoing, answer, () => exchange.wait(fault.ms / pieces), pieces)
    }
    case 'gateway-error':
      await exchange.carryOut()
      return sendWhole(outgoing, gatewayError(fault.status))
    case 'too-many-requests':
      return sendWhole(outgoing, tooManyRequests(fault, exchange.now()))
    case 'page':
      if (fault.isCarriedOut) await exchange.carryOut()
      return sendWhole(outgoing, pageInstead(fault.page))
    case 'notice':
      return sendWhole(outgoing, withNotice(await exchange.carryOut(), fault.place))
    case 'empty': {
      const { headers } = await exchange.carryOut()
      return sendWhole(outgoing, { status: 200, headers, body: Buffer.alloc(0) })
    }
    case 'duplicate': {
      const first = exchange.carryOut()
      if (fault.order === 'one-by-one') await first
      await exchange.carryOut()
      return sendWhole(outgoing, await first)
    }
    case 'strip-authorization':
      return sendWhole(outgoing, await exchange.carryOut({ withoutAuthorization: true }))
    case 'unauthorized':
      return sendWhole(outgoing, unauthorized())
  }
}

/**
 * What goes wrong with one request. "Carried out" means that the site got the whole request and answered it, whatever became of the answer.
 */
export type Fault =
  /** The connection is reset: before the site gets the request, after it was carried out, or in the middle of the answer's body. */
  | { readonly kind: 'cut'; readonly when: 'before' | 'after' | 'in-body' }
  /** Carried out; half of the body arrives. It declares to be all (`sent`), or the length of the whole, and then the connection ends in order. */
  | { readonly kind: 'truncate'; readonly declares: 'sent' | 'whole' }
  /** The request is under way for so long, then carried out, whether or not the client still waits. */
  | { readonly kind: 'hold'; readonly ms: number }
  /** Carried out at once, answered so much later. */
  | { readonly kind: 'answer-late'; readonly ms: number }
  /** Carried out; the body comes in ten pieces, over so long a time. */
  | { readonly kind: 'drip'; readonly ms: number }
  /** A gateway gave up on the site, which carried the request out all the same. */
  | { readonly kind: 'gateway-error'; readonly status: 502 | 503 | 504 }
  /** 429, not carried out. */
  | { readonly kind: 'too-many-requests'; readonly form: 'seconds' | 'date'; readonly seconds: number }
  /** A web page with status 200 in place of the answer. */
  | { readonly kind: 'page'; readonly page: 'login' | 'maintenance'; readonly isCarriedOut: boolean }
  /** Carried out; PHP printed a notice around the JSON. */
  | { readonly kind: 'notice'; readonly place: 'before' | 'after' }
  /** Carried out; 200 without a body. */
  | { readonly kind: 'empty' }
  /** The site gets the request twice, one after the other or both at once; the first answer is passed on. */
  | { readonly kind: 'duplicate'; readonly order: 'one-by-one' | 'together' }
  /** Carried out without its `Authorization` header. */
  | { readonly kind: 'strip-authorization' }
  /** 401 by something in front of the site, not carried out. */
  | { readonly kind: 'unauthorized' }

/** Decides about each request: `number` counts from 1 since the plan began, `path` includes the query. */
export type FaultPlan = (number: number, method: string, path: string) => Fault | null

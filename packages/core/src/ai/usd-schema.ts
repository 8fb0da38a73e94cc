import * as z from 'zod'

/** An amount that a host sets, exact. */
export const usdSchema = z.string().regex(/^\d{1,12}(\.\d{1,12})?$/, 'must be a decimal in USD, such as "25" or "0.50"')

import type * as z from 'zod'

/** What a schema takes. Lists may be read-only, as those are that the SDK gives out. */
export type InputOf<Schema extends z.ZodType> = Unchanging<z.input<Schema>>

type Whole = Date | Uint8Array | AbortSignal | ((...given: never[]) => unknown)

/** What may hold lists of itself, as JSON does, has no end, and is left as it is. */
type Unchanging<Given> = [readonly Given[]] extends [Given]
  ? Given
  : Given extends Whole
    ? Given
    : Given extends object
      ? { readonly [Name in keyof Given]: Unchanging<Given[Name]> }
      : Given

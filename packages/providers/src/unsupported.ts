import { Igny8Error } from '@igny8/core/adapter-kit'

/** The refusal of what the vendor cannot do; another provider may. */
export function unsupported(provider: string, field: string): Igny8Error {
  return new Igny8Error({
    code: 'UNSUPPORTED',
    message: `${provider} has no "${field}" for this model.`,
    hint: `Leave "${field}" out, or choose a model that has it.`,
    details: { provider, field },
  })
}

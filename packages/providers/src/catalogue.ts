import type { AiModel } from '@igny8/core'
import { invalidInput } from '@igny8/core/adapter-kit'

/** What every provider can be told about its vendor. */
export interface ProviderOptions {
  /** Where the vendor's API is, without the path of an operation. @default the vendor's own */
  readonly baseUrl?: string
  /** Models beside the built-in ones, or in place of one with the same id. */
  readonly models?: readonly AiModel[]
  /** The vendor's names of models by ours, where they differ from the built-in ones. */
  readonly wireIds?: Readonly<Record<string, string>>
}

/** The built-in models with the host's changes. Throws `INVALID_INPUT` for a wire id of an unknown model or another provider's model. */
export function createCatalogue(
  provider: string,
  builtIn: readonly AiModel[],
  { models = [], wireIds = {} }: ProviderOptions,
): readonly AiModel[] {
  const byId = new Map(builtIn.map((model) => [model.id, model]))
  for (const model of models) {
    if (model.provider !== provider)
      throw invalidInput(
        'models',
        `${model.id} is not of ${provider}.`,
        `Give it to createIgny8 with its own provider.`,
      )
    byId.set(model.id, model)
  }
  for (const [id, wireId] of Object.entries(wireIds)) {
    const model = byId.get(id)
    if (model === undefined)
      throw invalidInput('wireIds', `there is no model ${id}.`, `Known are ${[...byId.keys()].join(', ')}.`)
    byId.set(id, { ...model, wireId })
  }
  return [...byId.values()]
}

/** A base URL without its last slashes. Throws `INVALID_INPUT`. */
export function readBaseUrl(given: string | undefined, usual: string): string {
  const text = given ?? usual
  const url = URL.parse(text)
  const isUsable = url !== null && /^https?:$/.test(url.protocol) && url.search === '' && url.hash === ''
  if (isUsable) return text.replace(/\/+$/, '')
  throw invalidInput('baseUrl', 'is not a web address.', 'Give it as https://api.example.com/v1.')
}

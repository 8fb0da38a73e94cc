import { format, inspect } from 'node:util'

/** Every form in which a credential may come back: as typed, without its spaces, in base64, percent-encoded, escaped. */
export function formsOfSecret(username: string, password: string): readonly string[] {
  const compact = password.replaceAll(' ', '')
  const plain = [password, compact]
  const bytes = [...plain.map((text) => `${username}:${text}`), ...plain].map((text) => Buffer.from(text))
  const coded = bytes.flatMap((text) => [text.toString('base64'), text.toString('base64url')])
  const forms = [...plain, ...coded.map((text) => text.replace(/=+$/, ''))]
  return [
    ...new Set(
      forms.flatMap((form) => [
        form,
        encodeURIComponent(form),
        new URLSearchParams({ form }).toString().slice('form='.length),
        JSON.stringify(form).slice(1, -1),
      ]),
    ),
  ]
}

/** All that can be seen of a value: inspected to the depth, printed, serialised, cloned, and its whole chain of causes. */
export function everythingShown(value: unknown): string {
  const wide = { depth: 30, showHidden: true, maxStringLength: null, maxArrayLength: null } as const
  return [
    inspect(value, wide),
    JSON.stringify(value),
    format('%s %o %j', value, value, value),
    ...chainOf(value).map((error) => `${error.message}\n${error.stack}\n${JSON.stringify(error)}`),
    inspect(cloned(value), wide),
  ].join('\n')
}

/** The forms that are found in what is shown. Empty is good. */
export function tracesOf(forms: readonly string[], shown: string): readonly string[] {
  return forms.filter((form) => shown.includes(form))
}

function chainOf(value: unknown): readonly Error[] {
  const chain: Error[] = []
  for (let next = value; next instanceof Error && chain.length < 20; next = next.cause) chain.push(next)
  return chain
}

/** Functions cannot be cloned; what holds them is shown otherwise. */
function cloned(value: unknown): unknown {
  try {
    return structuredClone(value)
  } catch {
    return null
  }
}

import { Igny8Error } from '@igny8/core'

/** What a person entered, by the names that the platform's own schema has. Throws `INVALID_INPUT` for none and for both; no value is repeated. */
export function mapWireCredentials(given: {
  readonly wpApiKey?: string | undefined
  readonly credentialsJson?: Readonly<Record<string, string>> | undefined
}): Record<string, string> {
  const { wpApiKey, credentialsJson } = given
  if ((wpApiKey === undefined) === (credentialsJson === undefined))
    throw invalid('credentials_json', 'give either wp_api_key or credentials_json.')
  if (credentialsJson !== undefined) {
    const named = Object.entries(credentialsJson).map(([name, value]) => [mapNameFromWire(name), value] as const)
    if (named.some(([name]) => reserved.has(name)))
      throw invalid('credentials_json', 'holds a name that no platform asks for.')
    return Object.fromEntries(named)
  }
  const at = wpApiKey?.indexOf(':') ?? -1
  if (wpApiKey === undefined || at < 1)
    throw invalid('wp_api_key', 'must be a user name, a colon, and an application password.')
  return { username: wpApiKey.slice(0, at), applicationPassword: wpApiKey.slice(at + 1) }
}

/** Names that stand beside the platform's own in a call of the SDK. */
const reserved = new Set(['platform', 'url', 'name', 'signal', 'integrationId'])

function mapNameFromWire(name: string): string {
  return name.replace(/_([a-z])/g, (_, letter: string) => letter.toUpperCase())
}

function invalid(field: string, problem: string): Igny8Error {
  return new Igny8Error({
    code: 'INVALID_INPUT',
    message: `${field}: ${problem}`,
    hint: `Correct "${field}" and call again.`,
    details: { field },
  })
}

/** Names that the wire spells otherwise than by the rule. */
const exceptions: Readonly<Record<string, string>> = { config: 'config_json' }

/** `lastSyncAt` as the wire has it: `last_sync_at`. */
export function mapNameToWire(name: string): string {
  return Object.hasOwn(exceptions, name)
    ? (exceptions[name] ?? name)
    : name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
}

/** A path of the SDK's own names, such as `changes.publishDays`, in the wire's. What is not written in camel case stays. */
export function mapFieldToWire(field: string): string {
  return field
    .split('.')
    .filter((segment, index) => index > 0 || segment !== 'changes')
    .map((segment) => (/^[a-z][A-Za-z0-9]*$/.test(segment) ? mapNameToWire(segment) : segment))
    .join('.')
}

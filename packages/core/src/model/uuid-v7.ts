/** A UUIDv7 (RFC 9562): 48 bits of milliseconds, then random bits. `random` is 10 bytes. */
export function createUuidV7(now: Date, random: Uint8Array): string {
  const ms = now.getTime().toString(16).padStart(12, '0')
  const hex = Buffer.from(random).toString('hex')
  const variant = (((random[2] ?? 0) & 0x3f) | 0x80).toString(16)
  return `${ms.slice(0, 8)}-${ms.slice(8)}-7${hex.slice(1, 4)}-${variant}${hex.slice(6, 8)}-${hex.slice(8, 20)}`
}

/** Makes ids that grow with every call, within a millisecond and over a clock that steps back too, so that rows of one process sort as they were made. */
export function createUuidV7Source(now: () => Date, randomBytes: (length: number) => Uint8Array): () => string {
  let lastMs = Number.NEGATIVE_INFINITY
  let last = new Uint8Array(10)
  return () => {
    const ms = now().getTime()
    if (ms > lastMs) {
      lastMs = ms
      last = Uint8Array.from(randomBytes(10))
      // Room to count up in: 2^73 more ids in this millisecond.
      last[0] = (last[0] ?? 0) & 0x07
    } else last = increment(last)
    return createUuidV7(new Date(lastMs), last)
  }
}

/** Counts up past the bits that the version (byte 0, high half) and the variant (byte 2, two bits) take. */
function increment(bytes: Uint8Array): Uint8Array<ArrayBuffer> {
  const next = Uint8Array.from(bytes)
  for (let at = next.length - 1; at >= 0; at--) {
    const mask = at === 0 ? 0x0f : at === 2 ? 0x3f : 0xff
    const value = (((next[at] ?? 0) & mask) + 1) & mask
    next[at] = value
    if (value !== 0) return next
  }
  return next
}

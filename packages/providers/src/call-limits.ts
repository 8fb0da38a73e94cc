const mebibyte = 1_024 * 1_024

/** Of a text, where the call names no time. */
export const textLimits = { timeoutMs: 120_000, maxBytes: 16 * mebibyte }

/** Of a look whether a key is taken. */
export const keyTestLimits = { timeoutMs: 30_000, maxBytes: 4 * mebibyte }

/** Of images, polling included. */
export const imageTimeoutMs = 180_000

/** What one image may have in an answer that holds it as base64. */
export const bytesAnImage = 24 * mebibyte

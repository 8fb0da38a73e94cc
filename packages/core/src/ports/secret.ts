/**
 * A credential that cannot be printed: in JSON, `inspect`, templates, logs and errors it reads `[secret]`.
 * Call `reveal` only where a header is built.
 */
export interface Secret {
  reveal(): string
  toString(): '[secret]'
  toJSON(): '[secret]'
}

/** Source of random bytes, injected so that the simulator replays. Must be cryptographically strong in production. */
export interface RandomSource {
  bytes(length: number): Uint8Array
}

/** Takes `--scale` out of what a script was given. Throws for what is no share. */
export function readScale(given: readonly string[]): { readonly scale: string; readonly rest: readonly string[] } {
  const { value: scale = '1', rest } = takeOption(given, 'scale')
  if (!(Number(scale) > 0 && Number(scale) <= 1))
    throw new Error('--scale takes a number above 0, up to 1 for all of it')
  return { scale, rest }
}

/** Takes `--seed`, a whole number, out of what a script was given. */
export function readSeed(given: readonly string[]): { readonly seed: string; readonly rest: readonly string[] } {
  const { value: seed = '1', rest } = takeOption(given, 'seed')
  if (!/^\d{1,9}$/.test(seed)) throw new Error('--seed takes a whole number')
  return { seed, rest }
}

function takeOption(
  given: readonly string[],
  name: string,
): { readonly value?: string | undefined; readonly rest: readonly string[] } {
  const at = given.findIndex((word) => word === `--${name}` || word.startsWith(`--${name}=`))
  const word = given[at]
  if (word === undefined) return { rest: given }
  if (word.includes('=')) return { value: word.slice(word.indexOf('=') + 1), rest: given.toSpliced(at, 1) }
  return { value: given[at + 1] ?? '', rest: given.toSpliced(at, 2) }
}

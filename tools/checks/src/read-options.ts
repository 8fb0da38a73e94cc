/** Options of a script, and what is left for the program that it runs. */
export interface ReadOptions<Name extends string> {
  readonly values: Readonly<Record<Name, string>>
  readonly rest: readonly string[]
}

/**
 * Reads `--name value` and `--name=value` for the options in `choices`, which name what each may be, its default first.
 * Throws for any other value.
 */
export function readOptions<Name extends string>(
  given: readonly string[],
  choices: Readonly<Record<Name, readonly [string, ...string[]]>>,
): ReadOptions<Name> {
  const names = Object.keys(choices) as Name[]
  const values = Object.fromEntries(names.map((name) => [name, choices[name][0]])) as Record<Name, string>
  const rest: string[] = []
  const waiting = [...given]
  for (let word = waiting.shift(); word !== undefined; word = waiting.shift()) {
    const name = names.find((candidate) => word === `--${candidate}` || word.startsWith(`--${candidate}=`))
    if (name === undefined) {
      rest.push(word)
      continue
    }
    const value = word.includes('=') ? word.slice(word.indexOf('=') + 1) : waiting.shift()
    if (value === undefined || !choices[name].includes(value))
      throw new Error(
        `--${name} takes ${[...new Set(choices[name])].join(', ')}${value === undefined ? '' : `, not "${value}"`}`,
      )
    values[name] = value
  }
  return { values, rest }
}

/** How many tokens texts have at least: no tokeniser puts two words into one. */
export function leastTokens(texts: readonly string[]): number {
  let words = 0
  for (const text of texts) for (const _ of text.matchAll(/\S+/g)) words += 1
  return words
}

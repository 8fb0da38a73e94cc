import { readFile } from 'node:fs/promises'
import { expect, it } from 'vitest'
import { plantedBugs } from './planted-bugs.ts'

it.each(plantedBugs)('still has its place in the code: $name', async ({ file, from, to, also }) => {
  const text = await readFile(new URL(`../../../packages/${file}`, import.meta.url), 'utf8')
  for (const change of [{ from, to }, also ?? []].flat()) {
    expect(text.split(change.from)).toHaveLength(2)
    expect(change.to).not.toBe(change.from)
  }
})

import { cp, mkdir, readFile, rm, symlink, writeFile } from 'node:fs/promises'
import { fileURLToPath, pathToFileURL } from 'node:url'
import type { PlantedBug } from './planted-bugs.ts'

const root = new URL('../../../', import.meta.url)
const copies = new URL('../.cache/', import.meta.url)
const packages = ['core', 'storage-memory', 'wordpress']

/**
 * Copies the packages and the simulator, plants the bug in the copy, and returns the copy's worker. What the copies import of ours leads to the copies, all
 * else to where it always does.
 *
 * Throws where the bug's text does not stand in its file exactly once: the bug has to follow the code.
 */
export async function plantBug(bug: PlantedBug): Promise<URL> {
  const copy = new URL(`${bug.name.replaceAll(/[^a-z\d]+/g, '-')}/`, copies)
  await rm(copy, { recursive: true, force: true })
  const scope = new URL('node_modules/@igny8/', copy)
  await mkdir(scope, { recursive: true })
  for (const name of packages) {
    for (const part of ['src', 'package.json'])
      await cp(new URL(`packages/${name}/${part}`, root), new URL(`packages/${name}/${part}`, copy), {
        recursive: true,
      })
    await symlink(`../../packages/${name}`, new URL(name, scope))
  }
  await cp(new URL('.', import.meta.url), new URL('simulator/src/', copy), { recursive: true })
  const file = new URL(`packages/${bug.file}`, copy)
  let text = await readFile(file, 'utf8')
  for (const { from, to } of [bug, bug.also ?? []].flat()) {
    const times = text.split(from).length - 1
    if (times !== 1)
      throw new Error(`"${bug.name}" does not apply any more: "${from}" stands ${times} times in packages/${bug.file}.`)
    text = text.replace(from, () => to)
  }
  await writeFile(file, text)
  return pathToFileURL(fileURLToPath(new URL('simulator/src/seed-worker.ts', copy)))
}

/** Takes the copies away. */
export async function removeCopies(): Promise<void> {
  await rm(copies, { recursive: true, force: true })
}

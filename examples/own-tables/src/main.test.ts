import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

it('publishes from the table of the application, and brings back what the site has', async () => {
  const script = fileURLToPath(new URL('./main.ts', import.meta.url))
  const { stdout } = await promisify(execFile)(process.execPath, ['--conditions=@igny8/source', script])
  expect(stdout.trim().split('\n')).toEqual([
    "On the site: [ 'Bread' ]",
    "After an edit of the table: [ 'Rye bread' ]",
    "In the table: [ 'Rye bread', 'Written on the site' ]",
  ])
})

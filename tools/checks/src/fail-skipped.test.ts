import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, it } from 'vitest'
import { projectRoot } from './project-files.ts'
import { runCommand } from './run-command.ts'

let directory = ''
beforeEach(async () => {
  // Inside the project, where `vitest` can be resolved.
  const cache = join(projectRoot, 'tools/checks/.cache')
  await mkdir(cache, { recursive: true })
  directory = await mkdtemp(join(cache, 'fail-skipped-'))
})
afterEach(() => rm(directory, { recursive: true, force: true }))

async function runTests(test: string, ...parameters: string[]): Promise<void> {
  const reporter = JSON.stringify(join(import.meta.dirname, 'fail-skipped.ts'))
  await writeFile(join(directory, 'a.test.ts'), `import { it } from 'vitest'\nit('passes', () => {})\n${test}\n`)
  const config = `import { failSkipped } from ${reporter}\nexport default { test: { reporters: [failSkipped()] } }\n`
  await writeFile(join(directory, 'vitest.config.ts'), config)
  await runCommand('vitest', ['run', '--root', directory, ...parameters], { cwd: directory })
}

it('fails a run in which a test was skipped, and names it', async () => {
  await expect(runTests("it.skipIf(true)('needs a server', () => {})")).rejects.toThrow('a.test.ts > needs a server')
})

it('passes a run in which none was, or in which only some were asked for', async () => {
  await runTests('')
  await runTests("it('is another', () => {})", '-t', 'passes')
})

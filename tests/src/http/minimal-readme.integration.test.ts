import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { fileURLToPath } from 'node:url'
import { describe, expect, it } from 'vitest'
import { findFreePort } from './start-host.ts'

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** Skipped where no services are asked for, as it starts a WordPress. */
describe.skipIf(process.env.IGNY8_REQUIRE_SERVICES !== '1')('The README of the minimal host', () => {
  it('works as it is written, but for the ports', async () => {
    const readme = await readFile(`${root}examples/express-minimal/README.md`, 'utf8')
    const blocks = [...readme.matchAll(/```sh\n(.*?)```/gs)].map(([, block = '']) => block)
    expect(blocks).toHaveLength(2)
    const [port, sitePort] = [await findFreePort(), await findFreePort()]
    const script = blocks.join('\n').replaceAll(':3000', `:${port}`).replaceAll('8080', String(sitePort))
    const shell = spawn('bash', ['-ec', script], {
      cwd: root,
      // In a group of its own: what it leaves running in the background ends with it.
      detached: true,
      env: { ...process.env, PATH: `${dirname(process.execPath)}:${process.env.PATH}`, PORT: String(port) },
      stdio: ['ignore', 'pipe', 'pipe'],
    })
    let output = ''
    for (const stream of [shell.stdout, shell.stderr]) stream.on('data', (chunk: Buffer) => (output += String(chunk)))
    const ended = once(shell, 'close')
    try {
      await once(shell, 'exit')
      const [post] = JSON.parse(/\[\{"id":\d+,"date".*\]$/m.exec(output)?.[0] ?? '[]')
      expect(post, output).toMatchObject({ status: 'publish', title: { rendered: 'Hello from curl' } })
    } finally {
      process.kill(-(shell.pid ?? 0), 'SIGTERM')
      await ended
    }
  })
})

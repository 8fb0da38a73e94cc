import { existsSync } from 'node:fs'
import { runCommand } from '@igny8-tools/wordpress/run-command'
import { type Browser, chromium } from 'playwright-core'

const programs = ['/usr/bin/chromium-headless-shell', '/usr/bin/chromium', '/usr/bin/google-chrome']

/** Starts a Chromium without a window, as Debian has it; installs it with apt-get where none is there and this process may. */
export async function startBrowser(): Promise<Browser> {
  const executablePath = findProgram() ?? (await installProgram())
  // Its own sandbox needs a user that is not root; it opens pages of the tests only.
  return chromium.launch({ executablePath, chromiumSandbox: process.getuid?.() !== 0 })
}

const findProgram = () => programs.find((program) => existsSync(program))

async function installProgram(): Promise<string> {
  const command = ['install', '-y', '--no-install-recommends', 'chromium-headless-shell']
  if (process.getuid?.() !== 0) throw new Error(`A Chromium is missing. Run as root: apt-get ${command.join(' ')}`)
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive', LC_ALL: 'C' }
  for (const words of [['update'], command])
    await runCommand('apt-get', ['-o', 'DPkg::Lock::Timeout=300', ...words], { env })
  const installed = findProgram()
  if (installed === undefined) throw new Error('Chromium is still missing after its installation.')
  return installed
}

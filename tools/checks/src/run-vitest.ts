import { spawn } from 'node:child_process'
import { projectRoot } from './project-files.ts'

/**
 * Runs vitest as `npm test` does, with more environment, and ends as it ends. A signal to this process goes on to
 * vitest, so that the servers of its tests are stopped. What it prints goes to `output`.
 */
export async function runVitest(
  parameters: readonly string[],
  env: Readonly<Record<string, string>>,
  output: 'stdout' | 'stderr' = 'stdout',
): Promise<void> {
  const child = spawn('vitest', ['run', ...parameters], {
    cwd: projectRoot,
    env: { ...process.env, ...env },
    stdio: ['inherit', process[output], 'inherit'],
  })
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, () => child.kill(signal))
  process.exitCode = await new Promise<number>((resolve, reject) => {
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })
}

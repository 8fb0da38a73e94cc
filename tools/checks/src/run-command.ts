import { execFile } from 'node:child_process'

/** Where and how a command runs. */
export interface CommandOptions {
  readonly cwd: string
  readonly env?: NodeJS.ProcessEnv | undefined
  /** @default 300000 */
  readonly timeoutMs?: number | undefined
}

/** Runs a program to its end and returns what it wrote to stdout. Rejects with all it wrote where it fails. */
export function runCommand(program: string, parameters: readonly string[], options: CommandOptions): Promise<string> {
  const { cwd, env = process.env, timeoutMs = 300_000 } = options
  return new Promise((resolve, reject) => {
    const settings = { cwd, env, timeout: timeoutMs, maxBuffer: 64 * 1024 * 1024, encoding: 'utf8' as const }
    execFile(program, parameters, settings, (error, stdout, stderr) => {
      if (error === null) resolve(stdout)
      else
        reject(new Error(`${program} ${parameters.join(' ')} failed:\n${stdout}\n${stderr}`.trim(), { cause: error }))
    })
  })
}

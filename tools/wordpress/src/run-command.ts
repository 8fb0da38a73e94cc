import { spawn } from 'node:child_process'

/** How a short-lived program is run. */
export interface RunCommandOptions {
  cwd?: string
  env?: NodeJS.ProcessEnv
  /** Written to the program's standard input, which is then closed. */
  input?: string
  signal?: AbortSignal | undefined
}

/** What a program printed. */
export interface CommandOutput {
  stdout: string
  stderr: string
}

/** Runs a program to its end; a failure to start or a non-zero exit throws with the tail of what it printed. */
export function runCommand(
  command: string,
  commandArguments: readonly string[],
  options: RunCommandOptions = {},
): Promise<CommandOutput> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, commandArguments, {
      cwd: options.cwd,
      env: options.env ?? process.env,
      stdio: ['pipe', 'pipe', 'pipe'],
      ...(options.signal === undefined ? {} : { signal: options.signal, killSignal: 'SIGKILL' }),
    })
    const stdout: Buffer[] = []
    const stderr: Buffer[] = []
    child.stdout.on('data', (chunk: Buffer) => stdout.push(chunk))
    child.stderr.on('data', (chunk: Buffer) => stderr.push(chunk))
    // A program that ends without reading its input closes the pipe; its exit code tells the story.
    child.stdin.on('error', () => {})
    child.stdin.end(options.input ?? '')
    child.on('error', (cause) => reject(new Error(`Could not run ${command}: ${cause.message}`, { cause })))
    child.on('close', (code, killedBy) => {
      const output = { stdout: Buffer.concat(stdout).toString(), stderr: Buffer.concat(stderr).toString() }
      if (code === 0) return resolve(output)
      const printed = tail(`${output.stderr}\n${output.stdout}`.trim())
      const shown = [command, ...commandArguments].join(' ').slice(0, 200)
      reject(new Error(`${shown} ended with ${killedBy ?? `exit code ${code}`}${printed && `:\n${printed}`}`))
    })
  })
}

/** The last lines of a log, enough to see what went wrong. */
export function tail(text: string, maximumCharacters = 2_000): string {
  return text.length <= maximumCharacters ? text : `…${text.slice(-maximumCharacters)}`
}

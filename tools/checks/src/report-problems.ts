/** One finding of a check: where, and what to do about it. */
export interface Problem {
  readonly file: string
  readonly line?: number
  readonly message: string
}

/** Prints each problem as `file:line message`, then a summary, and sets the exit code: 1 where there is any problem. */
export function reportProblems(problems: readonly Problem[], summary: string): void {
  for (const { file, line, message } of problems)
    console.log(`${file}${line === undefined ? '' : `:${line}`} ${message}`)
  console.log(problems.length === 0 ? summary : `${problems.length} problem${problems.length === 1 ? '' : 's'}`)
  process.exitCode = problems.length === 0 ? 0 : 1
}

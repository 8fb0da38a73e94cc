/** Returns what `read` returns; where it throws, prints why without a stack and ends with 2, as for a wrong option. */
export function orExit<Result>(read: () => Result): Result {
  try {
    return read()
  } catch (error) {
    console.error(error instanceof Error ? error.message : error)
    process.exit(2)
  }
}

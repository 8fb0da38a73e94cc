import { type Command, readArguments, usage } from './read-arguments.ts'
import { startWordPress } from './start-wordpress.ts'

let command: Command
try {
  command = readArguments(process.argv.slice(2), process.env)
} catch (error) {
  console.error(`${error instanceof Error ? error.message : error}\n\n${usage}`)
  process.exit(2)
}
if (command.kind === 'help') console.log(usage)
else await serveUntilStopped(command)

/** Runs a WordPress until somebody ends this process, and ends every process of the site with it. */
async function serveUntilStopped({ start, seed, quiet }: Command & { kind: 'start' }): Promise<void> {
  const stop = new AbortController()
  for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(name, () => stop.abort())
  const onProgress = (message: string) => void (quiet || process.stderr.write(`${message}\n`))
  try {
    const wordpress = await startWordPress({ ...start, ...(seed && { seed }), onProgress, signal: stop.signal })
    const { url, version, database, server, users, directory } = wordpress
    console.log(JSON.stringify({ url, version, database, server, users, directory, processId: process.pid }))
    const stopped = new Promise((resolve) => stop.signal.addEventListener('abort', resolve, { once: true }))
    if (!stop.signal.aborted) await stopped
    onProgress('stopping')
    await wordpress.stop()
  } catch (error) {
    // An interrupted start has cleaned up after itself and is no failure to explain.
    if (!stop.signal.aborted) console.error(error instanceof Error ? error.message : error)
    process.exitCode = stop.signal.aborted ? 130 : 1
  }
}

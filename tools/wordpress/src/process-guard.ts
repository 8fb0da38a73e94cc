import { type ChildProcess, spawn } from 'node:child_process'
import { closeSync, openSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as delay } from 'node:timers/promises'
import { tail } from './run-command.ts'

/** A long-running program together with all the workers it forked. */
export interface GuardedProcess {
  readonly name: string
  readonly processId: number
  /** Undefined while it runs; afterwards why it ended, with the tail of its log. */
  failure(): string | undefined
  /** Ends it and all its workers, by process group. */
  stop(signal?: NodeJS.Signals): Promise<void>
}

/** Starts long-running programs that never outlive this process. */
export interface ProcessGuard {
  start(input: { name: string; command: string; arguments: readonly string[]; env?: NodeJS.ProcessEnv }): GuardedProcess
  /** Ends everything that was started, last one first. */
  stopAll(): Promise<void>
}

/**
 * The guard's shell script: reads process group ids until its standard input closes, which the kernel does however this
 * process ends (kill -9 too). Unless told `done` before, it then ends the groups and removes the temporary directory, again
 * and again while a copy that was under way still writes into it.
 */
const guardScript = `
trap '' INT TERM HUP
groups=''
while read -r line; do
  [ "$line" = done ] && exit 0
  groups="$groups $line"
done
for group in $groups; do kill -s TERM -- "-$group" 2>/dev/null; done
sleep 1
for group in $groups; do kill -s KILL -- "-$group" 2>/dev/null; done
tries=0
while [ -e "$1" ] && [ "$tries" -lt 10 ]; do
  rm -rf -- "$1"
  tries=$((tries + 1))
  sleep 1
done
`

/** Creates a guard that owns `directory`: where logs go, and what is removed when this process dies without a stop. */
export function createProcessGuard(directory: string): ProcessGuard {
  const guard = spawn('/bin/sh', ['-c', guardScript, 'igny8-wordpress-guard', directory], {
    cwd: '/',
    detached: true,
    stdio: ['pipe', 'ignore', 'ignore'],
  })
  guard.stdin.on('error', () => {})
  const started: GuardedProcess[] = []

  return {
    start(input) {
      const logFile = join(directory, `${input.name}.log`)
      const log = openSync(logFile, 'a')
      // A group of its own: one signal reaches every worker, and Ctrl-C in a terminal reaches none of them before us.
      const child = spawn(input.command, input.arguments, {
        cwd: directory,
        env: input.env ?? process.env,
        detached: true,
        stdio: ['ignore', log, log],
      })
      closeSync(log)
      if (child.pid !== undefined) guard.stdin.write(`${child.pid}\n`)
      const guarded = watch(input.name, child, () => tail(readFileSync(logFile, 'utf8').trim()))
      started.push(guarded)
      return guarded
    },
    async stopAll() {
      for (const guarded of started.reverse()) await guarded.stop()
      guard.stdin.end('done\n')
    },
  }
}

function watch(name: string, child: ChildProcess, readLog: () => string): GuardedProcess {
  let failure: string | undefined
  child.on('error', (error) => {
    failure = `${name} could not be started: ${error.message}`
  })
  const ended = new Promise<void>((resolve) => {
    child.on('exit', (code, signal) => {
      failure ??= `${name} ended with ${signal ?? `exit code ${code}`}:\n${readLog()}`
      resolve()
    })
  })
  const group = child.pid

  return {
    name,
    processId: group ?? 0,
    failure: () => failure,
    async stop(signal = 'SIGTERM') {
      if (group === undefined) return
      signalGroup(group, signal)
      if (!(await groupEnds(group, 5_000))) {
        signalGroup(group, 'SIGKILL')
        if (!(await groupEnds(group, 5_000))) throw new Error(`${name} (process group ${group}) did not end.`)
      }
      await ended
    },
  }
}

async function groupEnds(group: number, patienceMs: number): Promise<boolean> {
  const giveUpAt = performance.now() + patienceMs
  while (isGroupAlive(group)) {
    if (performance.now() >= giveUpAt) return false
    await delay(10)
  }
  return true
}

function signalGroup(group: number, signal: NodeJS.Signals): void {
  try {
    process.kill(-group, signal)
  } catch {
    // Already gone.
  }
}

function isGroupAlive(group: number): boolean {
  try {
    process.kill(-group, 0)
  } catch {
    return false
  }
  return process.platform !== 'linux' || hasLivingMember(group)
}

/** Workers that have ended but wait for a slow init to collect them still take signals; they are no longer alive. */
function hasLivingMember(group: number): boolean {
  return readdirSync('/proc').some((entry) => {
    if (!/^\d+$/.test(entry)) return false
    try {
      const { state, processGroup } = parseProcessStatus(readFileSync(`/proc/${entry}/stat`, 'utf8'))
      return processGroup === group && state !== 'Z' && state !== 'X'
    } catch {
      return false
    }
  })
}

/** Reads state and process group from the text of /proc/PID/stat, where the program's name may hold anything. */
export function parseProcessStatus(text: string): { state: string; processGroup: number } {
  const [state = '', , processGroup = ''] = text.slice(text.lastIndexOf(')') + 2).split(' ')
  return { state, processGroup: Number(processGroup) }
}

import type { Account } from '@igny8/core'

/** Tells on stderr what goes on; silent for machines. */
export interface Narrator {
  say(line: string): void
  /** Draws the progress of the integration's run until `work` ends. */
  follow<Result>(account: Account, integrationId: string, work: Promise<Result>): Promise<Result>
}

const drawEveryMs = 150
const barWidth = 30

export function createNarrator(silent: boolean): Narrator {
  const interactive = process.stderr.isTTY === true
  const write = (text: string) => {
    if (!silent) process.stderr.write(text)
  }
  return {
    say: (line) => write(`${line}\n`),
    async follow(account, integrationId, work) {
      if (silent) return work
      let phase = ''
      const draw = async () => {
        const { run } = await account.sync.status(integrationId)
        if (run === null || run.status !== 'running') return
        if (interactive) write(`\r  ${bar(run.done, run.total)} ${run.phase.padEnd(24)}`)
        else if (run.phase !== phase) write(`  ${run.phase}\n`)
        phase = run.phase
      }
      const timer = setInterval(() => void draw().catch(() => undefined), drawEveryMs)
      try {
        return await work
      } finally {
        clearInterval(timer)
        if (interactive) write(`\r${' '.repeat(barWidth + 50)}\r`)
      }
    },
  }
}

function bar(done: number, total: number | null): string {
  if (total === null || total === 0) return `[${'·'.repeat(barWidth)}] ${String(done).padStart(5)}       `
  const filled = Math.min(barWidth, Math.round((done / total) * barWidth))
  return `[${'█'.repeat(filled)}${'·'.repeat(barWidth - filled)}] ${String(done).padStart(5)}/${String(total).padEnd(5)}`
}

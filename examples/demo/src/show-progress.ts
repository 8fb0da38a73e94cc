import { setTimeout } from 'node:timers/promises'
import type { Account } from '@igny8/core'

/** Tells on stderr what goes on, so that stdout is free for the outcome. */
export interface Narrator {
  say(line: string): void
  /** Draws the progress of the integration's run until `work` ends. */
  follow<Result>(account: Account, integrationId: string, work: Promise<Result>): Promise<Result>
}

const drawEveryMs = 150
const barWidth = 30

export function createNarrator(): Narrator {
  const interactive = process.stderr.isTTY === true
  const write = (text: string) => process.stderr.write(text)
  return {
    say: (line) => write(`${line}\n`),
    async follow(account, integrationId, work) {
      let phase = ''
      const draw = async () => {
        const { run } = await account.sync.status(integrationId)
        if (run === null || run.status !== 'running') return
        if (interactive) write(`\r  ${bar(run.done, run.total)} ${run.phase.padEnd(24)}`)
        else if (run.phase !== phase) write(`  ${run.phase}\n`)
        phase = run.phase
      }
      const ended = new AbortController()
      const drawing = (async () => {
        while (!ended.signal.aborted) {
          await draw()
          await setTimeout(drawEveryMs, undefined, { signal: ended.signal })
        }
      })().catch(() => undefined)
      try {
        return await work
      } finally {
        ended.abort()
        await drawing
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

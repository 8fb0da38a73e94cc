import { describe, expect, it } from 'vitest'
import { runKilledTicks } from './killed-ticks.ts'

const scale = Number(process.env.IGNY8_PROOF_SCALE ?? '1')
const rounds = Math.max(1, Math.round(1_000 * scale))

describe('two processes that tick and die', () => {
  it(`exceed no limit, publish nothing twice and leave nothing in ${rounds} rounds`, async () => {
    let deaths = 0
    for (let seed = 1; seed <= rounds; seed++) deaths += (await runKilledTicks(seed)).deaths
    expect(deaths).toBeGreaterThanOrEqual(rounds)
  })
})

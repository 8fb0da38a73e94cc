import { createIgny8, type LogFields, type Storage, type SystemStorage } from '@igny8/core'
import { createFakeClock, createFakePlatform, createSeededRandom } from '@igny8/core/testing'
import { createMemoryStorage } from '@igny8/storage-memory'
import { expect, it } from 'vitest'

const questions = [
  'listSilentRuns',
  'listDueIntegrations',
  'listDirtyIntegrations',
  'listSitesToPublish',
  'listOpenUsage',
  'removeHistory',
  'listOutbox',
] as const satisfies readonly (keyof SystemStorage)[]

/** A process whose storage refuses to answer some questions, and what it was asked. */
async function processThatCannotAsk(...refused: readonly (typeof questions)[number][]) {
  const asked = new Set<string>()
  const warnings: LogFields[] = []
  const inner = createMemoryStorage()
  await inner.migrate()
  const system = { ...inner.system }
  for (const question of questions) {
    const ask = inner.system[question] as (...input: unknown[]) => Promise<never>
    system[question] = async (...input: unknown[]) => {
      asked.add(question)
      if (refused.includes(question)) throw new Error(`No answer to ${question}.`)
      return ask(...input)
    }
  }
  const clock = createFakeClock()
  const storage: Storage = { ...inner, system }
  const igny8 = createIgny8({
    storage,
    platforms: [createFakePlatform({ clock }).adapter],
    encryption: { keys: [{ id: 'test', secret: Buffer.alloc(32, 7).toString('base64') }] },
    clock,
    random: createSeededRandom(1),
    logger: { debug() {}, info() {}, error() {}, warn: (_, fields) => void warnings.push(fields ?? {}) },
  })
  return { igny8, asked, warnings }
}

it.each(questions)(
  'where %s fails, everything else that is due is done, and the failure is thrown',
  async (question) => {
    const { igny8, asked, warnings } = await processThatCannotAsk(question)
    await expect(igny8.runDue()).rejects.toThrow(question)
    expect([...asked]).toEqual(questions)
    expect(warnings).toHaveLength(1)
  },
)

it('the first failure of several is thrown, and each is told', async () => {
  const { igny8, asked, warnings } = await processThatCannotAsk('listSilentRuns', 'listOpenUsage')
  await expect(igny8.runDue()).rejects.toThrow('listSilentRuns')
  expect([...asked]).toEqual(questions)
  expect(warnings.map(({ sweep }) => sweep)).toEqual(['runsRecovered', 'usageSettled'])
})

it('a process starts although a part of what is due cannot be done', async () => {
  const { igny8, asked } = await processThatCannotAsk('listSilentRuns')
  await igny8.start()
  expect([...asked]).toEqual(questions)
  await igny8.stop()
})

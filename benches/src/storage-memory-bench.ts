import { parseArgs } from 'node:util'
import type { Content } from '@igny8/core'
import { buildContent, buildLink, testAccountId } from '@igny8/core/testing'
import { createMemoryStorage } from '@igny8/storage-memory'
import { median } from './median.ts'

// Memory storage beside a plain Map of copies, which is the least that a storage of plain data can do. Usage:
// npm run bench:storage-memory -- [--json] [--assert] [--rows 10000] [--rounds 7]

const { values } = parseArgs({
  options: {
    json: { type: 'boolean', default: false },
    assert: { type: 'boolean', default: false },
    rows: { type: 'string', default: '10000' },
    rounds: { type: 'string', default: '7' },
  },
})
const rowCount = Number(values.rows)
const rounds = Number(values.rounds)
if (!Number.isInteger(rowCount) || rowCount < 1_000) throw new Error('--rows must be 1000 or more.')
if (!Number.isInteger(rounds) || rounds < 3) throw new Error('--rounds must be 3 or more.')

/** What each may take, as a multiple of the Map: room for indexes, a log of undoing and a promise a call; none for a scan. */
const goals: Readonly<Record<string, number>> = { insert: 1.5, 'look up': 2, list: 2 }
const pageSize = 500
const body = 'x'.repeat(10_000)
const contents = Array.from({ length: rowCount }, (_, index) =>
  buildContent({ body: body + index, meta: { seo: { number: index } } }, index + 1),
)
const links = contents.map((_, index) => buildLink({}, index + 1))

const times = new Map<string, { storage: number[]; map: number[] }>()
// The first round lets the engine compile both, and is not counted.
for (let round = 0; round <= rounds; round++) {
  const [storage, map] = [await runStorage(), await runMap()]
  for (const [name, milliseconds] of Object.entries(storage)) {
    const all = times.get(name) ?? { storage: [], map: [] }
    times.set(name, all)
    if (round === 0) continue
    all.storage.push(milliseconds)
    all.map.push(map[name] ?? Number.NaN)
  }
}

const rows = [...times].map(([name, { storage, map }]) => {
  const ratio = round2(median(storage) / median(map))
  const goal = goals[name] ?? Number.NaN
  return { name, storageMs: round2(median(storage)), mapMs: round2(median(map)), ratio, goal, met: ratio <= goal }
})
const passed = rows.every(({ met }) => met)
if (values.json)
  console.log(
    JSON.stringify({ bench: 'storage-memory', node: process.version, rows: rowCount, rounds, passed, ratios: rows }),
  )
else {
  console.table(rows)
  console.log(`memory storage of ${rowCount} rows beside a Map of copies: goals ${passed ? 'met' : 'NOT met'}`)
}
if (values.assert && !passed) process.exitCode = 1

type Times = Readonly<Record<string, number>>

async function runStorage(): Promise<Times> {
  const storage = createMemoryStorage()
  await storage.migrate()
  const account = storage.forAccount(testAccountId)
  const insert = await timeOf(async () => {
    await account.content.insert(contents)
    await account.links.insert(links)
  })
  const lookUp = await timeOf(async () => {
    for (const { integrationId, kind, externalId } of links)
      expectOne((await account.links.findByExternalIds(integrationId, kind, [externalId])).length)
  })
  let seen = 0
  const list = await timeOf(async () => {
    let cursor: string | undefined
    do {
      const query = { sort: 'updatedAt', direction: 'desc', limit: pageSize, cursor } as const
      const page = await account.content.list(query)
      seen += page.items.length
      cursor = page.nextCursor ?? undefined
    } while (cursor !== undefined)
  })
  if (seen !== rowCount) throw new Error(`The list gave ${seen} rows of ${rowCount}.`)
  return { insert, 'look up': lookUp, list }
}

/** Sorts once, as it knows that nothing is written between two pages. */
async function runMap(): Promise<Times> {
  const contentOf = new Map<string, Content>()
  const linkOf = new Map<string, (typeof links)[number]>()
  const insert = await timeOf(async () => {
    for (const content of contents) contentOf.set(content.id, structuredClone(content))
    for (const link of links) linkOf.set(link.externalId, structuredClone(link))
  })
  const lookUp = await timeOf(async () => {
    for (const { externalId } of links) expectOne([structuredClone(linkOf.get(externalId))].length)
  })
  let seen = 0
  const list = await timeOf(async () => {
    const sorted = [...contentOf.values()].sort(
      (left, right) => right.updatedAt.getTime() - left.updatedAt.getTime() || (left.id < right.id ? 1 : -1),
    )
    for (let from = 0; from < sorted.length; from += pageSize)
      seen += structuredClone(sorted.slice(from, from + pageSize)).length
  })
  if (seen !== rowCount) throw new Error(`The Map gave ${seen} rows of ${rowCount}.`)
  return { insert, 'look up': lookUp, list }
}

async function timeOf(work: () => Promise<void>): Promise<number> {
  const startedAt = performance.now()
  await work()
  return performance.now() - startedAt
}

function expectOne(found: number): void {
  if (found !== 1) throw new Error(`A look-up found ${found} rows.`)
}

function round2(value: number): number {
  return Math.round(value * 100) / 100
}

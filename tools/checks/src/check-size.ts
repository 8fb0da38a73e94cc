import { type EntryBudget, findHeavyEntries } from './find-heavy-entries.ts'
import { listPublicPackages } from './list-public-packages.ts'
import { type EntrySize, measureEntry } from './measure-entry.ts'
import { readProjectJson } from './project-files.ts'
import { reportProblems } from './report-problems.ts'

const budgetFile = 'tools/checks/size-budget.json'
const measured = new Map<string, EntrySize>()
for (const { entries } of listPublicPackages()) {
  for (const entry of entries) if (!entry.endsWith('/testing')) measured.set(entry, await measureEntry(entry))
}
console.table(Object.fromEntries(measured))
const problems = findHeavyEntries(readProjectJson<EntryBudget[]>(budgetFile), measured)
reportProblems(
  problems.map((message) => ({ file: budgetFile, message })),
  `${measured.size} entries are within their budgets`,
)

import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { findTarballProblems } from './find-tarball-problems.ts'
import { packPackages } from './pack-packages.ts'
import { type Problem, reportProblems } from './report-problems.ts'

const directory = await mkdtemp(join(tmpdir(), 'igny8-published-'))
try {
  const packages = await packPackages(directory)
  const problems: Problem[] = []
  for (const { name, tarball } of packages) {
    const bytes = new Uint8Array(await readFile(tarball))
    for (const message of await findTarballProblems(bytes)) problems.push({ file: name, message })
  }
  reportProblems(problems, `${packages.length} packages can be published`)
} finally {
  await rm(directory, { recursive: true, force: true })
}

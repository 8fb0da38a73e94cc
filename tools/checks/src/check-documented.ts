import { join } from 'node:path'
import ts from 'typescript'
import type { Manifest } from './find-shape-problems.ts'
import { findUndocumented } from './find-undocumented.ts'
import { listPackageFolders, projectRoot, readProjectJson } from './project-files.ts'
import { reportProblems } from './report-problems.ts'

const entries = listPackageFolders().flatMap((folder) => {
  const { exports = {} } = readProjectJson<Manifest>(`packages/${folder}/package.json`)
  return Object.values(exports).flatMap((target) => {
    const source = typeof target === 'string' ? undefined : target['@igny8/source']
    return source === undefined ? [] : [join(projectRoot, 'packages', folder, source)]
  })
})
const { config } = ts.readConfigFile(join(projectRoot, 'tsconfig.json'), ts.sys.readFile)
const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: entries }, ts.sys, projectRoot)
reportProblems(
  findUndocumented(projectRoot, entries, options),
  `the exports of ${entries.length} entries are documented`,
)

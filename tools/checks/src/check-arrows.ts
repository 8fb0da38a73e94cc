import { findWrongImports } from './find-wrong-imports.ts'
import { listProjectPaths, readProjectFiles } from './project-files.ts'
import { reportProblems } from './report-problems.ts'

const workspaces = listProjectPaths().flatMap((path) => /^(.+)\/package\.json$/.exec(path)?.[1] ?? [])
const files = readProjectFiles((path) => path.endsWith('.ts'))
reportProblems(findWrongImports(files, workspaces), `${files.length} files follow the import arrows`)

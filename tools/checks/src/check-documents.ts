import { dirname } from 'node:path/posix'
import { findMissingPaths } from './find-missing-paths.ts'
import { listProjectPaths, readProjectFiles, readProjectJson } from './project-files.ts'
import { reportProblems } from './report-problems.ts'

const paths = listProjectPaths()
const scripts = Object.fromEntries(
  paths
    .filter((path) => /(^|\/)package\.json$/.test(path))
    .map((path) => {
      const manifest = readProjectJson<{ scripts?: Record<string, string> }>(path)
      return [path === 'package.json' ? '' : dirname(path), Object.keys(manifest.scripts ?? {})]
    }),
)
// Changesets are notes on a moment, and name what was there then.
const documents = readProjectFiles((path) => path.endsWith('.md') && !/^\.changeset\/|CHANGELOG\.md$/.test(path))
reportProblems(
  documents.flatMap((document) => findMissingPaths(document, { paths, scripts })),
  `${documents.length} documents name only what exists`,
)

import type { ProjectFile } from './project-files.ts'
import type { Problem } from './report-problems.ts'

/** What tells of one machine, one person or one day, and so has no place in a file that others will read. */
const traces: readonly (readonly [RegExp, string])[] = [
  [/(?<![\w.$}-])\/(?:work|root|workspace)(?:\/[\w.-]|(?![\w/.-]))/, 'names a folder of one machine'],
  [/(?<![\w.-])\/(?:home|Users)\/[a-z][\w.-]*|[A-Z]:\\Users\\/, 'names the home folder of one person'],
  [
    /\bregistry\.(?:npmjs|yarnpkg)\.\w+|\b[\w-]+\.(?:jfrog\.io|pkg\.dev|pkg\.github\.com)\b/,
    'names a package registry',
  ],
  [/"resolved": "https?:/, 'ties the lock file to one registry'],
  [/\bissues? #?\d+\b|(?:fixes|closes|see) #\d+/i, 'names an issue by its number'],
  [/\bCo-Authored-By:|\bgenerated (?:by|with) (?:an? )?(?:AI|LLM)\b/i, 'tells how it was written'],
]

/** Finds what must not be in the project's files. */
export function findTraces({ path, text }: ProjectFile): Problem[] {
  return text.split('\n').flatMap((line, index) =>
    traces.flatMap(([pattern, message]) => {
      const found = pattern.exec(line)?.[0]
      return found === undefined ? [] : [{ file: path, line: index + 1, message: `${message}: ${found.trim()}` }]
    }),
  )
}

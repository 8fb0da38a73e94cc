import { findTraces } from './find-traces.ts'
import { readProjectFiles } from './project-files.ts'
import { reportProblems } from './report-problems.ts'

/** The check and its test name what they look for. */
const exempt = /^tools\/checks\/src\/find-traces(\.test)?\.ts$/
const binary = /\.(png|jpe?g|gif|webp|ico|zip|gz|tgz|sqlite|pdf|woff2?)$/

const files = readProjectFiles((path) => !exempt.test(path) && !binary.test(path))
reportProblems(files.flatMap(findTraces), `${files.length} files are free of traces of one machine`)

import { findFileProblems, findPackageProblems, type Manifest } from './find-shape-problems.ts'
import { listPackageFolders, listProjectPaths, readProjectFiles, readProjectJson } from './project-files.ts'
import { reportProblems } from './report-problems.ts'

const paths = listProjectPaths()
const texts = new Map(
  readProjectFiles((path) => /(^|\/)(LICENSE|THIRD-PARTY-LICENSES\.md|tsup\.config\.ts)$/.test(path)).map(
    ({ path, text }) => [path, text],
  ),
)
const packages = listPackageFolders().map((folder) => ({
  folder,
  manifest: readProjectJson<Manifest>(`packages/${folder}/package.json`),
  paths: paths.filter((path) => path.startsWith(`packages/${folder}/`)),
  licence: texts.get(`packages/${folder}/LICENSE`),
  bundled: readBundled(texts.get(`packages/${folder}/tsup.config.ts`) ?? ''),
  thirdPartyLicences: texts.get(`packages/${folder}/THIRD-PARTY-LICENSES.md`),
}))
const entries = packages.flatMap(({ folder, manifest }) =>
  Object.values(manifest.exports ?? {}).flatMap((target) => {
    const source = typeof target === 'string' ? undefined : target['@igny8/source']
    return source === undefined ? [] : [`packages/${folder}/${source.slice(2)}`]
  }),
)
const files = readProjectFiles((path) => path.endsWith('.ts'))
const problems = [
  ...packages.flatMap((folder) => findPackageProblems(folder, texts.get('LICENSE') ?? '')),
  ...files.flatMap((file) => findFileProblems(file, entries)),
]
reportProblems(problems, `${packages.length} packages and ${files.length} files are in shape`)

function readBundled(config: string): string[] {
  const list = /noExternal: \[([^\]]*)\]/.exec(config)?.[1] ?? ''
  return [...list.matchAll(/'([^']+)'/g)].map(([, name = '']) => name)
}

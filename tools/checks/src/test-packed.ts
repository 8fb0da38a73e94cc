import { copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { delimiter, join } from 'node:path'
import { type PackedPackage, packPackages } from './pack-packages.ts'
import { projectRoot, readProjectJson } from './project-files.ts'
import { runCommand } from './run-command.ts'

// Packs every public package, installs the tarballs into empty projects, and uses them there as a stranger would.

/** The floor of our `engines`, and the newest of each line that is maintained. */
const nodeVersions = ['22.12.0', '22', '24']
const smokeFiles = ['smoke.mjs', 'smoke.cjs']
const resolutions = [
  { module: 'nodenext', moduleResolution: 'nodenext' },
  { module: 'esnext', moduleResolution: 'bundler' },
]

const startedAt = performance.now()
const failures: string[] = []
const directory = await mkdtemp(join(tmpdir(), 'igny8-packed-'))
try {
  const packages = await step('pack', () => packPackages(join(directory, 'tarballs')))
  if (packages !== undefined) {
    for (const version of nodeVersions) await testUnderNode(version, packages)
    await testTypes(packages)
  }
} finally {
  await rm(directory, { recursive: true, force: true })
}
const seconds = ((performance.now() - startedAt) / 1000).toFixed(0)
console.log(failures.length === 0 ? `all passed in ${seconds} s` : `failed: ${failures.join(', ')}`)
process.exitCode = failures.length === 0 ? 0 : 1

async function testUnderNode(version: string, packages: readonly PackedPackage[]): Promise<void> {
  const label = `node ${version}`
  const runtime = await makeProject(`runtime-${version}`, { allowScripts: { node: true } })
  const binaries = join(runtime, 'node_modules/node/bin')
  // npm itself runs under this Node too, so that `engines` of every dependency are held against it.
  const env = { ...process.env, PATH: `${binaries}${delimiter}${process.env.PATH ?? ''}` }
  const project = await makeProject(`project-${version}`, {})
  const entries = packages.flatMap((item) => item.entries)
  const ready = await step(`${label}: install`, async () => {
    await runCommand('npm', ['install', `node@${version}`], { cwd: runtime })
    await runCommand('npm', ['install', '--engine-strict', ...packages.map(({ tarball }) => tarball)], {
      cwd: project,
      env,
    })
    for (const file of smokeFiles) await copyFile(join(projectRoot, 'tests/packed', file), join(project, file))
    return true
  })
  if (ready !== true) return
  const node = join(binaries, 'node')
  await step(`${label}: import`, () => runCommand(node, ['smoke.mjs', ...entries], { cwd: project }))
  await step(`${label}: require`, () => runCommand(node, ['smoke.cjs', ...entries], { cwd: project }))
}

async function testTypes(packages: readonly PackedPackage[]): Promise<void> {
  const { devDependencies } = readProjectJson<{ devDependencies: Record<string, string> }>('package.json')
  const { typescript, '@types/node': nodeTypes } = devDependencies
  const project = await makeProject('types', { type: 'module' })
  const wanted = [...packages.map(({ tarball }) => tarball), `typescript@${typescript}`, `@types/node@${nodeTypes}`]
  const ready = await step('types: install', async () => {
    await runCommand('npm', ['install', ...wanted], { cwd: project })
    await copyFile(join(projectRoot, 'tests/packed/consumer.ts'), join(project, 'consumer.ts'))
    return true
  })
  if (ready !== true) return
  for (const resolution of resolutions) {
    const compilerOptions = {
      ...resolution,
      target: 'es2023',
      strict: true,
      skipLibCheck: false,
      noEmit: true,
      types: ['node'],
    }
    const name = `tsconfig.${resolution.moduleResolution}.json`
    await writeFile(join(project, name), JSON.stringify({ compilerOptions, files: ['consumer.ts'] }))
    await step(`types: ${resolution.moduleResolution}`, () =>
      runCommand('npx', ['--no-install', 'tsc', '--project', name], { cwd: project }),
    )
  }
}

async function makeProject(name: string, manifest: Readonly<Record<string, unknown>>): Promise<string> {
  const path = join(directory, name)
  await mkdir(path, { recursive: true })
  await writeFile(join(path, 'package.json'), JSON.stringify({ name: 'consumer', private: true, ...manifest }))
  return path
}

/** Runs one step and prints how it went; `undefined` where it failed. */
async function step<Result>(name: string, work: () => Promise<Result>): Promise<Result | undefined> {
  const begunAt = performance.now()
  try {
    return await work()
  } catch (error) {
    failures.push(name)
    console.error(error instanceof Error ? error.message : error)
    return undefined
  } finally {
    const outcome = failures.includes(name) ? 'FAIL' : 'pass'
    console.log(`${outcome}  ${name.padEnd(24)} ${((performance.now() - begunAt) / 1000).toFixed(1).padStart(6)} s`)
  }
}

import { execFile } from 'node:child_process'
import { promisify } from 'node:util'
import { expect, it } from 'vitest'

/** Every module that importing `entry` loads, in a process of its own. */
async function modulesOf(entry: string): Promise<readonly string[]> {
  const program = `
    import { registerHooks } from 'node:module'
    const urls = []
    registerHooks({ load(url, context, next) { urls.push(url); return next(url, context) } })
    await import(${JSON.stringify(entry)})
    console.log(JSON.stringify(urls))`
  const options = { cwd: import.meta.dirname }
  const flags = ['--conditions=@igny8/source', '--input-type=module', '--eval', program]
  const { stdout } = await promisify(execFile)(process.execPath, flags, options)
  return JSON.parse(stdout) as string[]
}

const sdk = /node_modules\/(openai|@anthropic-ai)\//

it.each(['', '/openai', '/anthropic', '/runware', '/bria'])(
  'importing @igny8/providers%s loads no SDK of a vendor',
  async (subpath) => {
    const modules = await modulesOf(`@igny8/providers${subpath}`)
    expect(modules.some((url) => url.endsWith('-provider.ts'))).toBe(true)
    expect(modules.filter((url) => sdk.test(url))).toEqual([])
  },
)

it('sees an SDK where one is loaded', async () => {
  expect((await modulesOf('openai')).some((url) => sdk.test(url))).toBe(true)
})

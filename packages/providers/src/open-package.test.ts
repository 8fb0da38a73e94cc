import { expect, it } from 'vitest'
import { openPackage } from './open-package.ts'

it('says how to get a package that is missing', async () => {
  const load = () => import(['no', 'such', 'package'].join('-'))
  await expect(openPackage('openai', load)).rejects.toMatchObject({
    code: 'PACKAGE_MISSING',
    effect: 'none',
    hint: expect.stringContaining('npm install openai'),
  })
})

import { Igny8Error } from '@igny8/core/adapter-kit'

/** Loads an optional peer at first use. Throws `PACKAGE_MISSING` where the host has not installed it. */
export async function openPackage<Module>(name: string, load: () => Promise<Module>): Promise<Module> {
  try {
    return await load()
  } catch (error) {
    throw new Igny8Error({
      code: 'PACKAGE_MISSING',
      message: `The package ${name} cannot be loaded.`,
      hint: `Install it beside the SDK: npm install ${name}`,
      details: { package: name },
      cause: error,
    })
  }
}

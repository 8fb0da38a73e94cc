import type { Reporter, TestModule, Vitest } from 'vitest/node'

/**
 * A reporter that ends the run with 1 where a test was skipped: for runs that are to prove everything. Tests left out by
 * `-t` do not count.
 */
export function failSkipped(print: (line: string) => void = console.error): Reporter {
  let vitest: Pick<Vitest, 'config'> | undefined
  return {
    onInit(started) {
      vitest = started
    },
    onTestRunEnd(modules) {
      if (vitest?.config.testNamePattern !== undefined) return
      const skipped = modules.flatMap(listSkipped)
      if (skipped.length === 0) return
      print(`${skipped.length} skipped, although IGNY8_REQUIRE_SERVICES=1:\n${skipped.join('\n')}`)
      process.exitCode = 1
    },
  }
}

function listSkipped(module: Pick<TestModule, 'children' | 'relativeModuleId'>): string[] {
  return [...module.children.allTests('skipped')].map((test) => `  ${module.relativeModuleId} > ${test.fullName}`)
}

// Says at the end, on a line of its own, how many tests passed and failed; and what was left out.
import type { Reporter, TestModule } from 'vitest/node'

const count = (modules: readonly TestModule[]): Record<'passed' | 'failed' | 'skipped', number> => {
  const totals = { passed: 0, failed: 0, skipped: 0 }
  for (const module of modules) {
    for (const test of module.children.allTests()) {
      const { state } = test.result()
      if (state !== 'pending') totals[state]++
    }
    // A file that does not even load has no tests, and is a failure all the same.
    if (!module.ok() && totals.failed === 0) totals.failed++
  }
  return totals
}

export default class Totals implements Reporter {
  onTestRunEnd(modules: readonly TestModule[], errors: readonly unknown[]): void {
    const { passed, failed, skipped } = count(modules)
    const failures = failed + errors.length
    const left = skipped > 0 ? `\n${skipped} left out; the lines above say which and why` : ''
    setImmediate(() => process.stdout.write(`${left}\n${passed} passed, ${failures} failed\n`))
  }
}

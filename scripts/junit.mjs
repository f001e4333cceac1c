// Adds up JUnit reports: one line, "N passed, N failed".
import { readFileSync } from 'node:fs'

let passed = 0
let failed = 0
for (const file of process.argv.slice(2)) {
  const [suites] = /<testsuites? [^>]*>/.exec(readFileSync(file, 'utf8')) ?? ['']
  const count = (name) => Number(new RegExp(`\\b${name}="(\\d+)"`).exec(suites)?.[1] ?? 0)
  const bad = count('failures') + count('errors')
  failed += bad
  passed += count('tests') - bad - count('skipped')
}
console.log(`${passed} passed, ${failed} failed`)

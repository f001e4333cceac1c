// One name, one look: a class of two meanings changes pages nobody was looking at.
import { readFileSync, readdirSync } from 'node:fs'
import { expect, it } from 'vitest'

const FOLDER = 'src/styles'

it('begins no class in two files of styles', () => {
  const files = new Map<string, Set<string>>()
  for (const file of readdirSync(FOLDER)) {
    for (const [, name = ''] of readFileSync(`${FOLDER}/${file}`, 'utf8').matchAll(/^\.([a-z0-9_-]+) \{/gm)) {
      files.set(name, (files.get(name) ?? new Set()).add(file))
    }
  }
  expect(files.size).toBeGreaterThan(100)
  expect([...files].filter(([, where]) => where.size > 1).map(([name, where]) => `.${name}: ${[...where].join(', ')}`)).toEqual([])
})

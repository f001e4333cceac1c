// Every page of the mini-program, as WeChat's own engine shows it while all goes well.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { expected } from './expected.mjs'
import { doAll, open, pages, seen, whatHappened } from './phone.mjs'

describe('every page shows what it is for, and its main tap works', () => {
  it('none is left out', () => assert.deepEqual(expected.map(({ page }) => page).sort(), [...pages].sort()))

  for (const one of expected) {
    it(one.page, async () => {
      const page = await open(one.page, one.query, { overrides: one.with })
      try {
        for (const words of one.shows) assert.ok(page.text.includes(words), `“${words}” is not there: ${page.text}`)
        const before = page.text
        for (const list of [seen.moves, seen.requests, seen.calls]) list.length = 0
        await doAll(page, one.does)
        const happened = whatHappened()
        const changed = page.text.includes(one.then) && !(before.includes(one.then) && before === page.text)
        assert.ok(changed || happened.some((line) => line.includes(one.then)), `no “${one.then}” but ${happened.join(' | ')}: ${page.text}`)
        assert.deepEqual(seen.faults, [], 'nothing is complained of')
      } finally {
        page.close()
      }
    })
  }
})

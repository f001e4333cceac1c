// Every page while there is no network: it says so, offers to try again, and trying again asks again.
import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { expected } from './expected.mjs'
import { doAll, open, seen, whatHappened } from './phone.mjs'

const NO_LINE = '网络没有连上'
const AGAIN = '再试一次'

describe('every page without a network', () => {
  for (const one of expected) {
    it(one.page, async () => {
      const page = await open(one.page, one.query, { online: false })
      try {
        if (one.still) await doAll(page, one.does)
        const asked = seen.requests.map(({ line }) => line)
        assert.ok(page.text !== '', 'a page is never blank')
        if (asked.length === 0) return
        assert.ok(page.text.includes(NO_LINE), `it does not say what happened: ${page.text}`)
        if (one.still) return
        seen.requests.length = 0
        await page.tap(AGAIN)
        const again = whatHappened()
        assert.ok(again.some((line) => asked.includes(line)), `asked for ${asked.join(', ')} and, trying again, for ${again.join(', ')}`)
        assert.deepEqual(seen.faults, [], 'nothing is complained of')
      } finally {
        page.close()
      }
    })
  }
})

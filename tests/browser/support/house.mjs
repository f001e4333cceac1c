// One server and one browser for the stories of a file; pictures and the server's last words when one fails.
import assert from 'node:assert/strict'
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { after, before, test } from 'node:test'
import { launch, openContext } from './browser.mjs'
import { startServer } from './server.mjs'
import { login, reads } from './ask.mjs'

const failures = fileURLToPath(new URL('../failures', import.meta.url))
// The same story may be told by two files at the same time.
const teller = basename(process.argv[1] ?? '', '.test.mjs')
const fileName = (story) => `${teller}-${story}`.replace(/[^\p{L}\p{N}]+/gu, '-').slice(0, 80)

/** A story takes seconds; one that takes this long hangs. Milliseconds. */
const LONGEST = 120_000

/**
 * Opens a house for the stories of this file. `prepare` may make a database and answers with the server's options and how to
 * take it away again; a story may take `longest`.
 */
export function house({ prepare = async () => ({ options: {}, remove: async () => {} }), longest = LONGEST } = {}) {
  let launching, browser, server, ground

  before(async () => {
    ground = await prepare()
    launching = launch()
    // Whoever of the two fails says so below; the other is still put away.
    launching.catch(() => undefined)
    server = await startServer(ground.options)
    browser = await launching
  })
  after(async () => {
    await (await launching?.catch(() => undefined))?.close()
    await server?.stop()
    await ground?.remove()
  })

  function story(name, tell) {
    test(name, { timeout: longest }, async () => {
      const guests = []

      /** A browser with a page of its own; whoever has a phone number is logged in as that person, in large type only where asked for. */
      async function guest({ phone, large = false, ...options } = {}) {
        if (phone) await reads(server.address, phone, large)
        const opened = await openContext(browser, server.address, { ...options, ...(phone && { token: await login(server.address, phone) }) })
        guests.push(opened)
        const page = await opened.context.newPage()
        await page.goto('/')
        return page
      }

      const folder = join(failures, fileName(name))
      await rm(folder, { recursive: true, force: true })
      try {
        await tell({ guest, address: server.address })
        assert.deepEqual(guests.flatMap(({ faults }) => faults), [], 'no page may do this')
      } catch (reason) {
        await keep(folder, guests, server.log())
        throw reason
      } finally {
        await Promise.all(guests.map(({ context }) => context.close()))
      }
    })
  }

  return { story }
}

/** What everybody had on the screen, and what the server said last. */
async function keep(folder, guests, log) {
  await mkdir(folder, { recursive: true })
  await writeFile(join(folder, 'server.log'), log)
  const pages = guests.flatMap(({ context }) => context.pages())
  for (const [index, page] of pages.entries()) {
    await page.screenshot({ path: join(folder, `${index + 1}.png`), timeout: 5_000 }).catch(() => undefined)
  }
  console.error(`see ${folder}`)
}

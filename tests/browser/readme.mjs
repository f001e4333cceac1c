// The four pictures of the README, as a phone shows them: `npm run pictures`. They land in docs/pictures.
import { mkdir } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { launch, openContext } from './support/browser.mjs'
import { login } from './support/ask.mjs'
import { visit, wish } from './support/modes.mjs'
import { startServer } from './support/server.mjs'
import { LIN } from './support/steps.mjs'
import { residentPages } from './support/tour.mjs'

const folder = fileURLToPath(new URL('../../docs/pictures', import.meta.url))
const PICTURES = [
  { file: 'home.png', name: 'home' },
  { file: 'time.png', name: 'offering' },
  { file: 'visit.png', name: 'visit' },
  { file: 'large.png', name: 'home', way: { large: true } },
]

await mkdir(folder, { recursive: true })
const [server, browser] = await Promise.all([startServer(), launch()])
try {
  const { context } = await openContext(browser, server.address, { token: await login(server.address, LIN.phone) })
  const page = await context.newPage()
  await page.goto('/')
  const pages = await residentPages(page)
  for (const { file, name, way } of PICTURES) {
    const { path, ready } = pages.find((one) => one.name === name)
    await ready?.()
    await wish(page, way)
    await visit(page, path)
    await page.screenshot({ path: join(folder, file) })
  }
  console.log(`${PICTURES.length} pictures in ${folder}`)
} finally {
  await browser.close()
  await server.stop()
}

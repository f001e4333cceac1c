// A picture of every page in every way it can be read, to be looked through: `npm run screens`. They land in tests/screens, with a
// sheet that shows them side by side. With words, only the pages whose name holds one of them: `npm run screens -- visit order`.
import { mkdir, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DESK, PHONE, launch, openContext, settled } from './support/browser.mjs'
import { login } from './support/ask.mjs'
import { MODES, visit, wish } from './support/modes.mjs'
import { startServer } from './support/server.mjs'
import { sheet } from './support/sheet.mjs'
import { everybody, laterPages, unseen } from './support/tour.mjs'

const folder = fileURLToPath(new URL('../screens', import.meta.url))
const wanted = process.argv.slice(2)
const chosen = ({ name }) => wanted.length === 0 || wanted.some((word) => name.includes(word))

/** The whole page as if the screen were as high: what stands at its foot stands at the foot of the picture. */
async function shot(page, name) {
  const { width, height } = page.viewportSize()
  const whole = await page.evaluate(() => document.documentElement.scrollHeight)
  await page.setViewportSize({ width, height: Math.max(height, whole) })
  await page.screenshot({ path: join(folder, name) })
  await page.setViewportSize({ width, height })
}

/** One page in every way, on a phone and, where people sit at it, on a large screen. */
async function shoot(page, who, { name, path, act, ready }, wide) {
  await ready?.()
  await visit(page, path)
  await act?.(page)
  const pictures = []
  for (const [mode, way] of Object.entries(MODES)) {
    await wish(page, way)
    for (const [size, viewport] of Object.entries({ phone: PHONE, ...(wide && { wide: DESK }) })) {
      await page.setViewportSize(viewport)
      await settled(page)
      const file = `${who}-${name}-${mode}${size === 'wide' ? '-wide' : ''}.png`
      await shot(page, file)
      pictures.push({ file, mode, size })
    }
    await page.setViewportSize(PHONE)
  }
  await wish(page)
  return { who, name, path, pictures }
}

await rm(folder, { recursive: true, force: true })
await mkdir(folder, { recursive: true })
const [server, browser] = await Promise.all([startServer(), launch()])
const pages = []
const taken = []
try {
  /** Somebody's page; logged in when there is somebody. */
  const opened = async (person) => {
    const { context } = await openContext(browser, server.address, person && { token: await login(server.address, person.phone) })
    const page = await context.newPage()
    await page.goto('/')
    return page
  }
  const later = await laterPages(await opened())
  for (const { who, person, wide, pages: find } of everybody) {
    const page = await opened(person)
    const theirs = [...(await find(page)), ...(who === 'resident' ? later : [])]
    pages.push(...theirs)
    for (const [index, one] of theirs.entries()) {
      if (!chosen(one)) continue
      taken.push(await shoot(page, who, one, wide))
      console.log(`${who} ${index + 1} of ${theirs.length}: ${one.name}`)
    }
    await page.context().close()
  }
} finally {
  await browser.close()
  await server.stop()
}
await writeFile(join(folder, 'index.html'), sheet(taken))
console.log(`${taken.flatMap(({ pictures }) => pictures).length} pictures: ${join(folder, 'index.html')}`)
const missing = await unseen(pages)
if (missing.length > 0) {
  console.error(`No picture of ${missing.join(', ')}: support/tour.mjs does not name them.`)
  process.exitCode = 1
}

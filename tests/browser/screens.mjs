// Pictures of every page, to be looked at: `npm run screens`. They land in tests/screens.
import { mkdir, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { DESK, launch, openContext } from './support/browser.mjs'
import { startServer } from './support/server.mjs'
import { CLEANER, HE, LIN, NEWCOMER, STREET, book, button, chooseTime, findDoctor, logIn, see } from './support/steps.mjs'
import { deskPages, guestPages, prefer, providerPages, residentPages, visit, workPages } from './support/tour.mjs'

const folder = fileURLToPath(new URL('../screens', import.meta.url))
await rm(folder, { recursive: true, force: true })
await mkdir(folder, { recursive: true })

const [server, browser] = await Promise.all([startServer(), launch()])
try {
  let pictures = 0
  /** The whole page as if the screen were as high: what stands at its foot stands at the foot of the picture. */
  async function shot(page, name) {
    const { width, height } = page.viewportSize()
    const whole = await page.evaluate(() => document.documentElement.scrollHeight)
    await page.setViewportSize({ width, height: Math.max(height, whole) })
    await page.screenshot({ path: join(folder, `${name}.png`) })
    await page.setViewportSize({ width, height })
    pictures += 1
  }
  async function shoot(page, pages, style) {
    for (const { name, path } of pages) {
      await visit(page, path)
      await shot(page, `${style}-${name}`)
    }
  }
  /** Somebody's browser, as large as their screen; logged in when there is a number. */
  async function guest(phone, options = {}) {
    const { context } = await openContext(browser, server.address, options)
    const page = await context.newPage()
    await page.goto('/')
    if (phone) await logIn(page, phone)
    return page
  }
  const main = (pages) => pages.filter((page) => page.main)

  await shoot(await guest(), guestPages, 'zh')
  const lin = await guest(LIN.phone)
  const pages = await residentPages(lin)
  // The scarce doctor, so that there is a full time to look at, and somebody who waits for it.
  const scarce = { kind: '中医门诊', doctor: '演示医生·赵四', day: /^明天 周二/, time: /^上午9:00/ }
  const he = await guest(HE.phone)
  await book(he, scarce)
  await lin.goto('/')
  await findDoctor(lin, scarce)
  const full = lin.url().split('#')[1]
  await chooseTime(lin, scarce.day, scarce.time)
  const waiting = lin.url().split('#')[1]
  const more = [...pages, { name: 'full', path: full }, { name: 'waiting', path: waiting }]

  await shoot(lin, more, 'zh')
  await visit(lin, pages.find(({ name }) => name === 'order').path)
  await button(lin, '取消').click()
  await see(lin.getByRole('dialog'))
  await shot(lin, 'zh-cancel')
  await visit(lin, pages.find(({ name }) => name === 'room').path)
  await lin.getByRole('radio', { name: / 空$/ }).first().click()
  await lin.getByRole('radio', { name: /^到/ }).first().click()
  await shot(lin, 'zh-room-chosen')
  await prefer(lin, { language: 'English' })
  await shoot(lin, main(pages), 'en')
  await prefer(lin, { large: true })
  await shoot(lin, main(pages), 'large')
  await prefer(lin)
  await lin.emulateMedia({ colorScheme: 'dark' })
  await shoot(lin, main(pages), 'dark')

  // Whoever comes to the door.
  const cleaner = await guest(CLEANER.phone)
  const provider = await providerPages(cleaner)
  await shoot(cleaner, provider, 'zh')
  await prefer(cleaner, { language: 'English' })
  await shoot(cleaner, main(provider), 'en')
  await prefer(cleaner, { large: true })
  await shoot(cleaner, main(provider), 'large')
  await prefer(cleaner)
  await cleaner.emulateMedia({ colorScheme: 'dark' })
  await shoot(cleaner, main(provider), 'dark')

  // Today's places, for the desk to see somebody.
  await he.goto('/')
  await book(he, { kind: '全科门诊', doctor: '演示医生·陈一', day: /^今天 周一/, time: /^上午10:00/ })
  const desk = await guest(STREET.phone)
  const work = [...deskPages, ...(await workPages(desk))]
  await shoot(desk, work, 'zh')
  await desk.setViewportSize(DESK)
  await shoot(desk, work, 'wide')
  await prefer(desk, { language: 'English' })
  await shoot(desk, main(work), 'wide-en')
  await prefer(desk)
  await visit(desk, '/desk/index')
  await button(desk, new RegExp(HE.name)).click()
  await shot(desk, 'wide-desk-chosen')
  // Somebody nobody has verified yet is told what to do.
  const newcomer = await guest(NEWCOMER.phone)
  await shoot(newcomer, pages.filter(({ name }) => ['confirm', 'identity', 'home'].includes(name)), 'new')
  console.log(`${pictures} pictures in ${folder}`)
} finally {
  await browser.close()
  await server.stop()
}

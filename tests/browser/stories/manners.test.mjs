// How pages behave: steady on a bad line, usable without seeing or pointing well.
import assert from 'node:assert/strict'
import { house } from '../support/house.mjs'
import { overflow } from '../support/look.mjs'
import { LIN, NEWCOMER, button, field, heading, holds, link, open, see } from '../support/steps.mjs'
import { ask, residentPages, visit } from '../support/tour.mjs'

const { story } = house()
/** What a browser writes on its console about requests that fail; some stories make them fail. */
const LOST = /Failed to load resource: net::ERR_(FAILED|INTERNET_DISCONNECTED)|Failed to fetch dynamically imported module/

story('whoever still has to be verified hears of it before choosing', async ({ guest }) => {
  const page = await guest({ phone: NEWCOMER.phone })
  await open(page, '/booking/offerings?kind=medical.chronic_follow_up')
  await see(page.getByText('This needs a verified identity'))
  await open(page, '/booking/offerings?kind=medical.general_practice')
  await see(page.getByText('Give your name and identity number before you book'))
  const lin = await guest({ phone: LIN.phone })
  await open(lin, '/booking/offerings?kind=medical.general_practice')
  await see(button(lin, '约这个时间'))
  assert.equal(await lin.getByText(/这项服务要先核验身份|实名预约/).count(), 0)
})

story('every page says that the line is lost, and goes on by itself once it is back', async ({ guest }) => {
  const page = await guest({ phone: LIN.phone, forgive: LOST })
  await open(page, '/pages/me/index')
  await see(link(page, /^我的地址/))
  await link(page, /^我的地址/).click()
  await see(heading(page, '我的地址'))
  await button(page, '返回').click()
  await page.context().setOffline(true)
  await see(page.getByRole('status').getByText('现在连不上网络'))
  await link(page, /^我的地址/).click()
  await see(page.getByRole('alert').getByText('网络没有连上'))
  await see(page.getByRole('status').getByText('现在连不上网络'))
  await page.context().setOffline(false)
  // Nobody taps anything.
  await see(page.getByRole('button', { name: '添加地址' }))
  await page.getByRole('alert').first().waitFor({ state: 'hidden' })
  await page.getByText('现在连不上网络').first().waitFor({ state: 'hidden' })
})

story('somebody asked for with two taps and a lost answer comes once', async ({ guest }) => {
  const page = await guest({ phone: LIN.phone, forgive: LOST })
  const [compound] = (await ask(page, '/compounds')).items
  await ask(page, '/me/addresses', { method: 'POST', body: { compound_id: compound.id, detail: '3-2-501' } })
  const on = async (question, go = '下一步') => {
    await page.getByRole('heading', { level: 2, name: question }).waitFor()
    await button(page, go).click()
  }
  await open(page, '/visit/ask?kind=housekeeping.cleaning')
  await see(page.getByRole('radio', { name: /3-2-501/, checked: true }))
  await on('到哪里？')
  await on('要做什么？')
  await page.getByRole('radio', { name: /^尽快/ }).click()
  await on('什么时候来？')
  await on('有照片吗？', '不用照片，下一步')
  await on('对来的人有什么希望？')
  const keys = []
  await page.route('**/api/visits', async (route) => {
    keys.push(route.request().headers()['idempotency-key'])
    // The server hears it and acts; its answer gets lost on the way.
    await route.fetch()
    await route.abort()
  })
  await button(page, '请人上门').dblclick()
  await see(page.getByRole('alert').getByText('网络没有连上'))
  await page.unroute('**/api/visits')
  await button(page, '请人上门').click()
  await see(page.getByText(/正在找人|正在询问服务人员/))
  assert.ok(keys.length >= 2)
  assert.equal(new Set(keys).size, 1, 'one action, one key')
  const { items } = await ask(page, '/orders?scope=open')
  assert.equal(items.filter(({ kind }) => kind === 'housekeeping.cleaning').length, 1)
})

story('a form of several fields is still filled in after a reload', async ({ guest }) => {
  const page = await guest({ phone: LIN.phone })
  await open(page, '/account/household')
  await button(page, '添加孩子').click()
  await field(page, '孩子的姓名').fill('演示儿童·林小二')
  await field(page, '出生日期').fill('2019-05-06')
  await page.reload()
  await holds(field(page, '孩子的姓名'), '演示儿童·林小二')
  await holds(field(page, '出生日期'), '2019-05-06')
})

/** The wider spacing some people need to read (WCAG 1.4.12). */
const SPACING = '* { line-height: 1.5 !important; letter-spacing: 0.12em !important; word-spacing: 0.16em !important; }'

/** Words that are cut off. */
const cut = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('.app *')]
      .filter((element) => /hidden|clip/.test(getComputedStyle(element).overflow) && element.innerText?.trim() && !element.closest('.only-read, .map'))
      .filter((element) => element.scrollHeight > element.clientHeight + 2 || element.scrollWidth > element.clientWidth + 2)
      .map((element) => `cut off: ${element.textContent.trim().slice(0, 40)}`),
  )

/** Targets too small for a thumb: 44 × 44. */
const small = (page) =>
  page.evaluate(() =>
    [...document.querySelectorAll('[role=button], [role=link], [role=radio], [role=checkbox], [role=tab]')]
      .map((element) => ({ element, box: element.getBoundingClientRect() }))
      .filter(({ box }) => box.width > 0 && (box.height < 43.5 || box.width < 43.5))
      .map(({ element, box }) => `small: ${element.getAttribute('aria-label') ?? element.textContent.trim().slice(0, 30)} ${Math.round(box.width)}×${Math.round(box.height)}`),
  )

/** Everything Tab comes to on this page that is hidden, where it has the focus, under what stands fixed (WCAG 2.4.11). */
async function obscured(page) {
  const found = []
  const first = new Set()
  for (let stop = 0; stop < 150; stop += 1) {
    await page.keyboard.press('Tab')
    const here = await page.evaluate(() => {
      const element = document.activeElement
      if (!element || element === document.body) return undefined
      const box = element.getBoundingClientRect()
      const places = [0.1, 0.5, 0.9].flatMap((x) => [0.1, 0.5, 0.9].map((y) => [box.left + box.width * x, box.top + box.height * y]))
      const seen = places.some(([x, y]) => {
        const top = document.elementFromPoint(x, y)
        return top !== null && (element.contains(top) || top.contains(element))
      })
      element.dataset.stop ??= Math.random().toString()
      return { id: element.dataset.stop, seen, words: element.getAttribute('aria-label') ?? element.textContent.trim().slice(0, 30) }
    })
    if (!here || first.has(here.id)) break
    first.add(here.id)
    if (!here.seen) found.push(`hidden under a bar: ${here.words}`)
  }
  return found
}

story("a resident's pages hold wider spacing, large enough targets, and a focus one can see", async ({ guest }) => {
  const page = await guest({ phone: LIN.phone })
  const wrong = []
  for (const { name, path } of (await residentPages(page)).filter(({ main }) => main)) {
    await visit(page, path)
    const found = [...(await small(page)), ...(await obscured(page))]
    const style = await page.addStyleTag({ content: SPACING })
    found.push(...(await overflow(page)), ...(await cut(page)))
    await style.evaluate((element) => element.remove())
    wrong.push(...found.map((words) => `${name}: ${words}`))
  }
  assert.deepEqual(wrong, [])
})

story('a place on the map is pointed at by a tap or with the arrow keys as well as by dragging', async ({ guest }) => {
  const page = await guest({ phone: LIN.phone })
  await open(page, '/visit/ask?kind=security.hazard')
  const map = page.getByRole('application')
  await map.waitFor()
  await page.getByRole('radio', { name: '在地图上指' }).last().click()
  const seen = () => map.getAttribute('viewBox').then((box) => box.split(' ').map(Number))
  const [left, top, across, down] = await seen()
  const { width, height } = await map.boundingBox()
  await map.click({ position: { x: width * 0.25, y: height * 0.25 } })
  const [tappedLeft, tappedTop] = await seen()
  const near = (value, wanted) => assert.ok(Math.abs(value - wanted) < across * 0.02, `${value} is not near ${wanted}`)
  near(tappedLeft, left - across * 0.25)
  near(tappedTop, top - down * 0.25)
  await map.press('ArrowRight')
  assert.ok((await seen())[0] > tappedLeft)
})

story('a page says its name and its language, and nothing moves for whoever asked for less', async ({ guest }) => {
  const page = await guest({ phone: LIN.phone })
  await open(page, '/account/wishes')
  await heading(page, '我的偏好').waitFor()
  assert.equal(await page.title(), '我的偏好')
  assert.equal(await page.evaluate(() => document.documentElement.lang), 'zh-CN')
  const moving = await page.evaluate(() => [...document.querySelectorAll('*')].filter((element) => /[1-9]/.test(getComputedStyle(element).transitionDuration) && getComputedStyle(element).transitionProperty !== 'none').length)
  assert.equal(moving, 0)
})

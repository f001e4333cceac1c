// The staff's pages are one desk: all ways at its side, and all of it without a mouse.
import assert from 'node:assert/strict'
import { DESK } from '../support/browser.mjs'
import { house } from '../support/house.mjs'
import { HE, LIN, STREET, button, field, heading, link, open, see } from '../support/steps.mjs'
import { ask, visit } from '../support/tour.mjs'

const { story } = house()
const ways = (page) => page.getByRole('navigation', { name: '工作人员的页面' })
const marked = (page) => ways(page).locator('[aria-current=page]')

/** Made when the first story needs them: nobody may have many open. */
let made
/** Two visits nobody has taken yet. */
async function twoVisits(page) {
  if (made) return made
  const { items: [compound] } = await ask(page, `/compounds?q=${encodeURIComponent('大化北院')}`)
  const door = { compound_id: compound.id, detail: '3-2-501' }
  const wanted = [['门铃坏了', '2026-11-24T09:00:00+08:00', '2026-11-24T12:00:00+08:00'], ['有一只狗', '2026-11-25T09:00:00+08:00', '2026-11-25T12:00:00+08:00']]
  made = []
  for (const [note, from, until] of wanted) made.push(await ask(page, '/visits', { method: 'POST', body: { kind: 'housekeeping.cleaning', address: door, when: { from, until }, form: {}, note } }))
  return made
}

story('all ways stand beside every page, the one taken is marked, and what waits is counted', async ({ guest }) => {
  const [lin, desk] = [await guest({ phone: LIN.phone }), await guest({ phone: STREET.phone, viewport: DESK })]
  const { items: [room] } = await ask(lin, '/offerings?kind=culture.activity_room')
  await visit(desk, '/desk/home')
  await see(desk.getByText('没有等着处理的事'))
  // Somebody at work calls for help: the count appears by itself, on whatever page one is.
  await ways(desk).getByRole('link', { name: '服务数据' }).click()
  await heading(desk, '服务数据').waitFor()
  assert.equal(await marked(desk).innerText(), '服务数据')
  const worker = await guest({ phone: '19900000021' })
  await ask(worker, '/work/help', { method: 'POST', body: { words: '有人拦着不让走' } })
  await see(ways(desk).getByRole('link', { name: /^求助.*1/ }))
  await ways(desk).getByRole('link', { name: /^求助/ }).click()
  await see(desk.getByText('有人拦着不让走'))
  // A page without a door of its own marks the one it lies behind; back leads home.
  await visit(desk, `/desk/closure?offering=${room.id}`)
  assert.equal(await marked(desk).innerText(), '服务台')
})

story('a list is gone through with the keys: down, into the details, back, and away', async ({ guest }) => {
  const [lin, desk] = [await guest({ phone: LIN.phone }), await guest({ phone: STREET.phone, viewport: DESK })]
  await twoVisits(lin)
  await visit(desk, '/desk/home')
  await desk.keyboard.press('g')
  await desk.keyboard.press('v')
  await heading(desk, '上门单').waitFor()
  await see(button(desk, /家庭保洁/))
  await desk.keyboard.press('ArrowDown')
  const first = await desk.locator('[aria-current=true]').innerText()
  await see(desk.getByText(/门铃坏了|有一只狗/))
  assert.match(desk.url(), /id=/, 'what is chosen stays in the address')
  await desk.keyboard.press('ArrowDown')
  const second = await desk.locator('[aria-current=true]').innerText()
  assert.notEqual(first, second)
  await desk.keyboard.press('Enter')
  assert.equal(await desk.evaluate(() => document.activeElement.getAttribute('aria-label')), '选中的一项')
  await desk.keyboard.press('Escape')
  assert.equal(await desk.evaluate(() => document.activeElement.getAttribute('aria-current')), 'true')
  await desk.keyboard.press('Escape')
  await heading(desk, '工作台').waitFor()

  // On a phone with a keyboard the row is reached and opened.
  await desk.setViewportSize({ width: 390, height: 844 })
  await visit(desk, '/watch/visits?list=open')
  await see(button(desk, /家庭保洁/))
  await desk.keyboard.press('ArrowDown')
  await desk.keyboard.press('Enter')
  await heading(desk, '上门单详情').waitFor()
})

story('keys do nothing while somebody types, and what is half written is not left', async ({ guest }) => {
  const desk = await guest({ phone: STREET.phone, viewport: DESK })
  await visit(desk, '/watch/workers?list=verified')
  const search = field(desk, '按姓名查找')
  await search.click()
  await desk.keyboard.type('gv/?')
  assert.equal(await search.inputValue(), 'gv/?')
  assert.equal(await desk.getByRole('dialog').count(), 0)
  await heading(desk, '服务人员').waitFor()
  await marked(desk).focus()
  await desk.keyboard.press('Escape')
  assert.match(desk.url(), /watch\/workers/)
  // ? shows what the keys do, and Escape puts it away.
  await desk.keyboard.press('?')
  await see(desk.getByRole('dialog', { name: '按键' }).getByText('G V'))
  await desk.keyboard.press('Escape')
  await desk.getByRole('dialog').waitFor({ state: 'hidden' })
})

story('one field finds a page, an order by its number, and a person to book for', async ({ guest }) => {
  const [lin, desk] = [await guest({ phone: LIN.phone }), await guest({ phone: STREET.phone, viewport: DESK })]
  const [{ number }] = await twoVisits(lin)
  await visit(desk, '/desk/home')
  const finder = desk.getByRole('dialog', { name: '找页面、找人、找单' })
  const typing = finder.locator('input')
  await desk.keyboard.press('/')
  await see(finder)
  await typing.fill('结算')
  await see(finder.getByRole('link', { name: /^结算单/ }))
  await desk.keyboard.press('Enter')
  await heading(desk, '结算单').waitFor()

  await desk.keyboard.press('Control+k')
  await typing.fill(number)
  await finder.getByRole('link', { name: /^找这一单/ }).click()
  await finder.getByRole('link', { name: new RegExp(LIN.name) }).first().click()
  await heading(desk, '上门单详情').waitFor()
  await see(desk.getByText('门铃坏了'))

  await desk.keyboard.press('/')
  await typing.fill(HE.phone)
  await see(finder.getByRole('link', { name: /^找这个人/ }))
  await desk.keyboard.press('ArrowDown')
  await desk.keyboard.press('Enter')
  await link(finder, new RegExp(`${HE.name} · 代为预约`)).click()
  await heading(desk, '代为预约').waitFor()
  await see(desk.getByText(HE.name))
})

story('figures are charts that say their numbers, and a table with one tap; the first page loads no charts', async ({ guest }) => {
  const [lin, desk] = [await guest({ phone: LIN.phone }), await guest({ phone: STREET.phone, viewport: DESK })]
  const asked = []
  for (const page of [lin, desk]) page.on('request', (request) => asked.push(request.url()))
  await twoVisits(lin)
  await lin.goto('/')
  await see(heading(lin, /好，/))
  await visit(desk, '/desk/home')
  assert.deepEqual(asked.filter((url) => /plot/.test(url)), [])
  await open(desk, '/watch/figures')
  const chart = desk.getByRole('img', { name: /^申请和办成/ })
  await see(chart.locator('svg'))
  assert.match(await chart.getAttribute('aria-label'), /家政：申请 2/)
  assert.equal(await chart.locator('style').count(), 0)
  assert.equal(asked.some((url) => /plot/.test(url)), true)
  await button(desk, '用表格看').click()
  await see(desk.getByRole('table').getByRole('rowheader', { name: '家政' }))
  assert.match(desk.url(), /view=table/)
})

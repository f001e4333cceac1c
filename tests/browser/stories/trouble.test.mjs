// A bad line, a lost answer, an impatient thumb: nothing is lost and nothing happens twice.
import assert from 'node:assert/strict'
import { house } from '../support/house.mjs'
import { HE, LIN, button, chooseTime, field, findDoctor, heading, holds, link, open, see, tab } from '../support/steps.mjs'

const { story } = house()
/** What a browser writes on its console about a request that fails; these stories make them fail. */
const LOST = /Failed to load resource: net::ERR_(FAILED|INTERNET_DISCONNECTED)|Failed to fetch dynamically imported module/

story('without a network a page says so, and "try again" brings it', async ({ guest }) => {
  const page = await guest({ phone: LIN.phone, forgive: LOST })
  await link(page, '医疗').click()
  await page.route('**/api/offerings?*', (route) => route.abort())
  await link(page, '全科门诊').click()
  await see(page.getByRole('alert').getByText('网络没有连上'))
  await page.unroute('**/api/offerings?*')
  await button(page, '再试一次').click()
  await see(link(page, '演示医生·陈一'))

  // Neither does a page come that was never here before; it says so itself, and comes once the line is back.
  await page.context().setOffline(true)
  await link(page, '演示医生·陈一').first().click()
  await see(page.getByRole('alert').getByText('网络没有连上'))
  await page.context().setOffline(false)
  await see(page.getByRole('radiogroup', { name: '选择日期' }))
})

story('an order whose answers are lost can be sent again and is one order', async ({ guest, address }) => {
  const page = await guest({ phone: LIN.phone, forgive: LOST })
  await findDoctor(page, { kind: '全科门诊', doctor: '演示医生·陈一' })
  await chooseTime(page, /^明天 周二/, /^上午9:30/)
  await heading(page, '确认预约').waitFor()
  const keys = []
  await page.route('**/api/orders', async (route) => {
    keys.push(route.request().headers()['idempotency-key'])
    // The server hears it and acts; its answer gets lost on the way.
    await route.fetch()
    await route.abort()
  })
  await button(page, '提交预约').click()
  await see(page.getByRole('alert').getByText('网络没有连上'))
  await see(page.getByText('明天 周二 上午9:30–10:00'))
  await page.unroute('**/api/orders')
  const sent = page.waitForRequest('**/api/orders')
  await button(page, '提交预约').click()
  keys.push((await sent).headers()['idempotency-key'])
  await heading(page, '预约详情').waitFor()
  assert.ok(keys.length >= 2)
  assert.equal(new Set(keys).size, 1, 'one action, one key')
  await page.goto(address)
  await tab(page, '预约')
  await see(link(page, /全科门诊/))
  assert.equal(await link(page, /全科门诊/).count(), 1)
})

story('a double tap makes one order', async ({ guest, address }) => {
  const page = await guest({ phone: HE.phone })
  let sent = 0
  page.on('request', (request) => {
    if (request.method() === 'POST' && request.url() === `${address}/api/orders`) sent += 1
  })
  await findDoctor(page, { kind: '全科门诊', doctor: '演示医生·陈一' })
  await chooseTime(page, /^明天 周二/, /^上午9:30/)
  await heading(page, '确认预约').waitFor()
  await button(page, '提交预约').dblclick()
  await heading(page, '预约详情').waitFor()
  assert.equal(sent, 1)
  await page.goto(address)
  await tab(page, '预约')
  await see(link(page, /全科门诊/))
  assert.equal(await link(page, /全科门诊/).count(), 1)
})

story('what was typed outlives a failed save and a reload', async ({ guest }) => {
  const page = await guest({ phone: LIN.phone, forgive: LOST })
  await open(page, '/account/profile')
  const address = field(page, '住址')
  await holds(address, '演示路101号1单元101室')
  await address.fill('演示路9号2单元301')
  await page.route('**/api/me', (route) => (route.request().method() === 'PATCH' ? route.abort() : route.continue()))
  await button(page, '保存').click()
  await see(page.getByRole('alert').getByText('网络没有连上'))
  await page.unroute('**/api/me')
  await page.reload()
  await holds(field(page, '住址'), '演示路9号2单元301')
  await button(page, '保存').click()
  await see(page.getByText('已保存'))
  await open(page, '/account/profile')
  await holds(field(page, '住址'), '演示路9号2单元301')
})

// The desk of a health centre on a Monday morning at nine: check-in for the ten o'clock places has just begun.
import assert from 'node:assert/strict'
import { as, soon } from '../support/ask.mjs'
import { DESK } from '../support/browser.mjs'
import { house } from '../support/house.mjs'
import { DISTRICT, HE, LIN, STAFF, STREET, book, button, checkInCode, field, heading, link, see, until, work } from '../support/steps.mjs'
import { ask, visit } from '../support/tour.mjs'

const { story } = house()
const TODAY = { kind: '全科门诊', doctor: '演示医生·陈一', day: /^今天 周一/, time: /^上午10:00/ }

/** From the home page of the staff to the day's list of one doctor. */
async function openDesk(page) {
  await work(page, '服务台')
  await heading(page, '服务台').waitFor()
  await button(page, /更换服务$/).click()
  await page.getByRole('dialog', { name: '选择服务' }).getByRole('radio', { name: /全科门诊 · 演示医生·陈一/ }).click()
  await button(page, /^全科门诊 · 演示医生·陈一 .*更换服务$/).waitFor()
}

/** Checks somebody in by the digits they say, calls them, and is done with them; they see it on their own screen. */
async function serve(desk, resident, person) {
  const code = await checkInCode(resident)
  const row = button(desk, new RegExp(person.name)).first()
  await see(row)
  await field(desk, '取号码').fill(code)
  await button(desk, '取号').first().click()
  await see(desk.getByText(new RegExp(`^${person.name} 已取号：\\d+$`)))
  await until(resident, () => button(resident, '刷新').click(), resident.getByText('请等候叫号'))
  // On a phone the booking has come up from below and is put away first.
  if (await desk.getByRole('dialog').isVisible()) await desk.keyboard.press('Escape')
  await button(desk, '叫下一位').click()
  await see(desk.getByText(new RegExp(`^请 \\d+ 号 ${person.name}$`)))
  await until(resident, () => button(resident, '刷新').click(), resident.getByText('请到诊室'))
  await button(desk, '办好了').click()
  await see(desk.getByText(`${person.name} 已办好`))
  if (await desk.getByRole('dialog').isVisible()) await desk.keyboard.press('Escape')
  await see(desk.getByText(/^已结束 \d+$/))
}

story('the desk on a phone: check in by code, call, done', async ({ guest }) => {
  const resident = await guest({ phone: LIN.phone })
  await book(resident, TODAY)
  const desk = await guest({ phone: STAFF.phone })
  await openDesk(desk)
  await serve(desk, resident, LIN)
})

story('the desk on a large screen: check in by code, call, done', async ({ guest }) => {
  const resident = await guest({ phone: HE.phone })
  await book(resident, TODAY)
  const desk = await guest({ phone: STAFF.phone, viewport: DESK })
  await openDesk(desk)
  await see(desk.getByText('选择一位居民'))
  await serve(desk, resident, HE)
})

story('somebody unknown walks in, is verified and gets a number', async ({ guest }) => {
  // The refusal in the middle is part of the story.
  const desk = await guest({ phone: STREET.phone, forgive: /status of 422/ })
  await openDesk(desk)
  await button(desk, '核验').click()
  await heading(desk, '核验').waitFor()
  await field(desk, '手机号').fill('19900000077')
  await button(desk, '查找').click()
  await see(desk.getByText('没有找到'))
  await button(desk, '返回').click()

  await button(desk, '现场挂号').click()
  await heading(desk, '现场挂号').waitFor()
  await field(desk, '手机号').fill('19900000077')
  await button(desk, '查找').click()
  await see(desk.getByText('没有找到'))
  await button(desk, '新建登记').click()
  await field(desk, '姓名').fill('演示居民·路过')
  await button(desk, '登记').click()
  await desk.getByRole('radio', { name: /^上午10:00/ }).click()
  await button(desk, '挂号并取号').click()
  await see(desk.getByRole('alert').getByText('还差姓名和身份证号'))
  await button(desk, '核验').click()

  await heading(desk, '核验').waitFor()
  await field(desk, '手机号').fill('19900000077')
  await button(desk, '查找').click()
  await link(desk, '演示居民·路过').click()
  await desk.getByRole('radio', { name: /^身份/ }).click()
  await field(desk, '看了什么证件').fill('居民身份证')
  await button(desk, '确认核验').click()
  await see(desk.getByText('已核验演示居民·路过：身份'))
  await button(desk, '返回').click()

  await heading(desk, '现场挂号').waitFor()
  await button(desk, '挂号并取号').click()
  await see(desk.getByText('您的号'))
  await button(desk, '返回服务台').click()
  await see(button(desk, /演示居民·路过/))
})

story('somebody on the phone is given a table from-to and a seat in an event', async ({ guest }) => {
  const desk = await guest({ phone: DISTRICT.phone })
  const { items } = await ask(desk, '/desk/offerings')
  const offering = (kind) => items.find((one) => one.kind === kind).id
  for (const kind of ['culture.games_room', 'education.civic_lecture']) {
    await visit(desk, `/desk/book?offering=${offering(kind)}`)
    await heading(desk, '代为预约').waitFor()
    await field(desk, '手机号').fill(LIN.phone)
    await button(desk, '查找').click()
    await link(desk, LIN.name).click()
    if (kind === 'culture.games_room') {
      await desk.getByRole('radiogroup', { name: '选择日期' }).getByRole('radio', { name: /^明天 周二/ }).click()
      await desk.getByRole('radio', { name: /^下午3:00 空/ }).click()
      await desk.getByRole('radio', { name: /^到下午4:00/ }).click()
    } else {
      await desk.getByRole('radiogroup', { name: '选择场次' }).getByRole('radio').first().click()
    }
    await button(desk, '提交预约').click()
    await see(desk.getByText('已预约'))
    await see(desk.getByText(LIN.name))
  }
})

story('somebody without a phone is told everything in one call', async ({ guest }) => {
  const desk = await guest({ phone: STREET.phone })
  const GRANDMA = '演示老人·无机'
  const { id } = await ask(desk, '/desk/people', { method: 'POST', body: { name: GRANDMA, community_code: '130903001007' } })
  const { items: [offering] } = await ask(desk, '/offerings?kind=property.advice')
  for (const [day, time] of [['25', '09:30'], ['26', '09:30']]) {
    const body = { person_id: id, offering_id: offering.id, start: `2026-11-${day}T${time}:00+08:00`, if_full: 'refuse', form: {} }
    await as(desk, DISTRICT.phone)('/desk/orders', { method: 'POST', body })
  }
  const waiting = async () => (await ask(desk, '/desk/calls')).items.filter(({ person }) => person.name === GRANDMA).length
  await soon(async () => (await waiting()) === 2)
  await visit(desk, '/desk/calls')
  const card = desk.locator('.card').filter({ hasText: GRANDMA })
  assert.equal(await card.count(), 1)
  await field(card, '结果').fill('已上门告知')
  await button(card, '都告诉了（2 件）').click()
  await card.waitFor({ state: 'detached' })
  assert.equal(await waiting(), 0)
})

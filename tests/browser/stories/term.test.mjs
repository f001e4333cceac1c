// A term with one seat: joined, waited for, left, handed on, attended.
import { house } from '../support/house.mjs'
import { DISTRICT, HE, LIN, button, heading, link, see, until } from '../support/steps.mjs'
import { ask } from '../support/tour.mjs'

const { story } = house()
const TITLE = '楷书一对一'

/** A class with a single seat, four Saturdays from the next one on. */
async function plan(staff) {
  const { items } = await ask(staff, '/offerings?kind=education.calligraphy')
  return ask(staff, '/desk/sessions', { method: 'POST', body: {
    offering_id: items[0].id,
    form: 'term',
    title: { zh: TITLE, en: 'Regular script, one to one' },
    about: { zh: '一次只教一位', en: 'One person at a time' },
    seats: 1,
    pattern: { weekdays: [6], from: '09:00', to: '10:30', first_day: '2026-11-28', count: 4, skip_holidays: true },
  } })
}

/** From the home page to the class. */
async function findClass(page) {
  await page.goto('/')
  await link(page, '就学').click()
  await heading(page, '就学').waitFor()
  await link(page, /^书法/).first().click()
  await link(page, new RegExp(TITLE)).click()
  await see(page.getByText('一共 4 次'))
}

story('a term is joined, waited for, left and handed on; then it is attended and one meeting is excused', async ({ guest }) => {
  const [staff, lin, he] = [await guest({ phone: DISTRICT.phone }), await guest({ phone: LIN.phone }), await guest({ phone: HE.phone })]
  const planned = await plan(staff)

  await findClass(lin)
  await see(lin.getByText('第 1 次 · 11月28日 周六 上午9:00–10:30'))
  await button(lin, '报名全部课程').click()
  await heading(lin, '确认预约').waitFor()
  await see(lin.getByText('第一次：11月28日 周六 上午9:00–10:30'))
  await button(lin, '提交报名').click()
  await heading(lin, '预约详情').waitFor()
  await see(lin.getByText('已预约', { exact: true }))
  await see(lin.getByText('第 4 次 · 12月19日 周六 上午9:00–10:30'))

  await findClass(he)
  await see(he.getByText('已满 可候补'))
  await button(he, '加入候补').click()
  await heading(he, '加入候补').waitFor()
  await button(he, '加入候补').click()
  await heading(he, '预约详情').waitFor()
  await see(he.getByText('第 1 位'))

  await button(lin, '退出').click()
  await button(lin, '取消预约').click()
  await see(lin.getByText('已取消', { exact: true }))
  await until(he, () => button(he, '刷新').click(), he.getByText('名额为您保留，还剩'))
  await button(he, '接受这个名额').click()
  await see(he.getByText('已预约', { exact: true }))

  // The teacher begins early: a meeting more, today, and marks who is there.
  const extra = { start: '2026-11-23T09:20:00+08:00', end: '2026-11-23T10:50:00+08:00' }
  await ask(staff, `/desk/sessions/${planned.id}/meetings`, { method: 'POST', body: extra })
  const { items, meetings } = await ask(staff, `/desk/sessions/${planned.id}/roster`)
  const today = meetings.find(({ start }) => start.startsWith('2026-11-23'))
  await ask(staff, `/desk/meetings/${today.id}/attendance`, { method: 'PUT', body: { marks: [{ order_id: items[0].order_id, mark: 'present' }] } })
  await until(he, () => button(he, '刷新').click(), he.getByText('已参加', { exact: true }))

  await button(he, /^11月28日 周六 上午9:00–10:30，请假$/).click()
  await he.getByRole('dialog', { name: '这一次来不了？' }).getByRole('button', { name: '请假' }).click()
  await see(he.getByText('已请假', { exact: true }))
})

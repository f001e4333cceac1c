// A community plans a term in minutes, and marks who came.
import assert from 'node:assert/strict'
import { DESK } from '../support/browser.mjs'
import { house } from '../support/house.mjs'
import { COMMUNITY, HE, LIN, button, field, heading, see, until, work } from '../support/steps.mjs'
import { ask, visit } from '../support/tour.mjs'

const { story } = house()
const TITLE = '智能手机夜校'

story('a term is planned step by step, booked, and its roster is marked with the keyboard and saved as one', async ({ guest }) => {
  const staff = await guest({ phone: COMMUNITY.phone, viewport: DESK })
  await work(staff, '活动和课程')
  await heading(staff, '活动和课程').waitFor()
  await button(staff, '安排新活动').first().click()
  await heading(staff, '安排新活动').waitFor()

  // What: the community's own daily activities, as a term.
  await staff.getByRole('radiogroup', { name: '由谁在哪里办' }).getByRole('radio', { name: /^天天活动/ }).click()
  await staff.getByRole('radio', { name: /^一期课程/ }).click()
  await button(staff, '下一步').click()

  // When: a slip is said at the field, then the dates are shown before anything else is asked.
  await staff.getByRole('radio', { name: /^每周固定/ }).click()
  await button(staff, '看看是哪几天').click()
  await see(staff.getByText('请选择星期几'))
  for (const day of ['周一', '周四']) await staff.getByRole('checkbox', { name: day }).click()
  await field(staff, '从').fill('10点')
  await field(staff, '到').fill('11:00')
  await field(staff, '从哪天开始').fill('2026-11-23')
  await field(staff, '一共几次').fill('4')
  await button(staff, '看看是哪几天').click()
  await see(staff.getByText('4 个日期都可以'))
  await button(staff, '下一步').click()

  // Who, and how many.
  await button(staff, '下一步').click()
  await field(staff, '名额').fill('12')
  await button(staff, '下一步').click()
  await field(staff, '名称（中文）').fill(TITLE)
  await field(staff, '介绍（中文）').fill('学会打电话、看视频、防诈骗')
  await button(staff, '发布').click()
  await heading(staff, '活动详情').waitFor()
  await see(staff.getByText('第 4 次 12月3日 周四 上午10:00–11:00'))
  const event = new URLSearchParams(staff.url().split('?')[1]).get('id')

  // Two residents book; one of them for the whole term.
  const { offering_id } = await ask(staff, `/desk/sessions/${event}`)
  for (const { phone } of [LIN, HE]) {
    const resident = await guest({ phone })
    await ask(resident, '/orders', { method: 'POST', body: { offering_id, session_id: event, if_full: 'wait', form: {} } })
  }

  await visit(staff, `/events/event?id=${event}`)
  await button(staff, '名单和签到').click()
  await heading(staff, '名单和签到').waitFor()
  await see(staff.getByText('到 0 人，共 2 人'))
  await button(staff, '全部到了').click()
  await see(staff.getByText('到 2 人，共 2 人'))
  // The first person in the list did not come after all.
  await button(staff, `${LIN.name}，第 1 次：到`).focus()
  await staff.keyboard.press('ArrowUp')
  await staff.keyboard.press('a')
  await see(staff.getByText('到 1 人，共 2 人'))
  await button(staff, '保存 2 处').click()
  await see(staff.getByText('已保存 2 处'))
  await staff.reload()
  await until(staff, async () => {}, staff.getByText('到 1 人，共 2 人'))
  assert.equal(await button(staff, /保存 \d+ 处/).count(), 0)
})

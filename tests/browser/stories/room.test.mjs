// A room week after week: one date is taken, the rest is booked on a yes, and all is cancelled again.
import assert from 'node:assert/strict'
import { house } from '../support/house.mjs'
import { HE, LIN, button, field, heading, link, see } from '../support/steps.mjs'
import { ask } from '../support/tour.mjs'

const { story } = house()
const PLACE = '演示党群服务中心（大化）'

story('a room is booked from-to for several weeks; the date that is taken is said, and the rest is booked on a yes', async ({ guest }) => {
  const [lin, he] = [await guest({ phone: LIN.phone }), await guest({ phone: HE.phone })]
  const { items } = await ask(he, '/offerings?kind=culture.activity_room')
  const room = items.find(({ place }) => place.name.zh === PLACE)
  const taken = { start: '2026-12-01T15:00:00+08:00', end: '2026-12-01T16:00:00+08:00' }
  await ask(he, '/orders', { method: 'POST', body: { offering_id: room.id, ...taken, if_full: 'refuse', form: { purpose: '下棋', people: '4' } } })

  await lin.goto('/')
  await link(lin, '文化').click()
  await heading(lin, '文化').waitFor()
  await link(lin, /^活动室/).click()
  await heading(lin, '活动室').waitFor()
  await link(lin, new RegExp(PLACE.slice(0, 8))).first().click()
  await see(lin.getByText(/要等场地管理人员同意/).first())
  await lin.getByRole('radiogroup', { name: '选择日期' }).getByRole('radio', { name: /^明天 周二/ }).click()
  await lin.getByRole('radio', { name: /^下午3:00 空/ }).click()
  await lin.getByRole('radio', { name: /^到下午4:00/ }).click()
  await see(lin.getByText('15:00–16:00，1小时'))
  await button(lin, '每周都用').click()

  await heading(lin, '每周都用').waitFor()
  await lin.getByRole('checkbox', { name: '周四' }).click()
  await lin.getByRole('radio', { name: '2 周' }).click()
  await see(lin.getByText('3 天可以，1 天不行，原因写在下面。'))
  await see(lin.getByRole('listitem').filter({ hasText: '12月1日' }).getByText(/这段时间已有人用/))
  await button(lin, '预约这 3 天').click()
  await see(lin.getByText('这一项需要填写'))
  await field(lin, '做什么').fill('合唱排练')
  await field(lin, '来多少人').fill('12')
  await button(lin, '预约这 3 天').click()
  await see(lin.getByRole('dialog', { name: '其余的日子照样预约？' }).getByText('12月1日 周二'))
  await button(lin, '预约其余 3 天').click()
  await see(lin.getByText('已预约 3 天'))

  await button(lin, '查看我的预约').click()
  await see(link(lin, /活动室.*下午3:00–4:00/))
  assert.equal(await link(lin, /活动室/).count(), 3)
  await link(lin, /活动室/).first().click()
  await see(lin.getByText('这是一起预约的 3 次中的一次。'))
  await button(lin, '全部取消').click()
  await lin.getByRole('dialog', { name: '取消所有还没到的？' }).getByRole('button', { name: '全部取消' }).click()
  await see(lin.getByText('已取消', { exact: true }))
})

// A course of vaccinations: the first dose is had, the second one is proposed and booked.
import { house } from '../support/house.mjs'
import { CLINIC, LIN, STAFF, button, chooseTime, heading, link, see, tab } from '../support/steps.mjs'
import { ask } from '../support/tour.mjs'

const { story } = house()

/** The desk serves somebody: they are there, they are called, it is done. */
async function serve(desk, order) {
  let seen = order
  for (const step of ['check-in', 'call', 'done']) seen = await ask(desk, `/desk/orders/${order.id}/${step}`, { method: 'POST', body: { version: seen.version } })
}

story('after the first dose the second is proposed within its days, and booked with one tap', async ({ guest }) => {
  const [lin, desk] = [await guest({ phone: LIN.phone }), await guest({ phone: STAFF.phone })]
  await link(lin, '医疗').click()
  await heading(lin, '医疗').waitFor()
  await link(lin, /^预防接种/).click()
  await heading(lin, '预防接种').waitFor()
  await lin.getByRole('radio', { name: CLINIC }).click()
  await link(lin, '演示护士·王三').click()
  await see(lin.getByRole('radio', { name: '只约一次', checked: true }))
  await lin.getByRole('radio', { name: /^狂犬病疫苗（五针）/ }).click()
  await chooseTime(lin, /^今天 周一/, /^上午10:00/)
  await heading(lin, '确认预约').waitFor()
  await see(lin.getByText(/狂犬病疫苗（五针）/))
  await button(lin, '提交预约').click()
  await heading(lin, '预约详情').waitFor()
  await see(lin.getByText('狂犬病疫苗（五针），第 1 次（共 5 次）'))

  const id = new URLSearchParams(lin.url().split('?')[1]).get('id')
  await serve(desk, await ask(lin, `/orders/${id}`))

  await lin.goto('/')
  await tab(lin, '我的')
  await link(lin, /^我的疗程和疫苗/).click()
  await heading(lin, '我的疗程和疫苗').waitFor()
  await see(lin.getByText('请在11月26日至11月27日之间完成'))
  await see(lin.getByText('11月27日 周五 上午8:00'))
  await button(lin, '预约这个时间').click()
  await heading(lin, '确认预约').waitFor()
  await button(lin, '提交预约').click()
  await heading(lin, '预约详情').waitFor()
  await see(lin.getByText('狂犬病疫苗（五针），第 2 次（共 5 次）'))

  await lin.goto('/#/care/courses')
  await see(lin.getByRole('listitem').filter({ hasText: '第 2 次' }).getByRole('button', { name: '查看预约' }))
})

// The desk watches over those who come: a visit nobody takes is found and somebody is sent, whom the resident sees; a complaint has
// somebody who sees to it, is talked over and answered; whoever calls for help is heard; a provider's file is looked at paper by paper.
import assert from 'node:assert/strict'
import { DESK } from '../support/browser.mjs'
import { house } from '../support/house.mjs'
import { COMMUNITY, HE, LIN, STREET, button, field, heading, link, open, see } from '../support/steps.mjs'
import { ask } from '../support/tour.mjs'

const { story } = house()
/** A cleaner in the compound next door. */
const WORKER = { phone: '19900000021', name: '演示师傅·王一' }
/** One on duty at the other end of the town, too far to be asked. */
const FAR = { phone: '19900000022', name: '演示师傅·李二' }
const COMPOUND = '演示小区·大化北院'

async function door(page) {
  const { items: [compound] } = await ask(page, `/compounds?q=${encodeURIComponent('大化北院')}`)
  return { compound_id: compound.id, detail: '3号楼2单元501' }
}

story('a visit nobody has taken is found at the desk, a candidate is sent, and the resident sees who comes', async ({ guest }) => {
  const [lin, wang] = [await guest({ phone: LIN.phone }), await guest({ phone: WORKER.phone })]
  // Nobody next door is on duty: nobody is asked.
  await ask(wang, '/work/duty', { method: 'POST', body: { duty: 'off' } })
  const { id } = await ask(lin, '/visits', { method: 'POST', body: { kind: 'housekeeping.cleaning', address: await door(lin), when: { now: true }, form: {}, note: '门铃坏了，请敲门' } })
  await open(lin, `/visit/order?id=${id}`)
  await see(lin.getByText(/正在找人|正在询问/))

  const desk = await guest({ phone: STREET.phone, viewport: DESK })
  await open(desk, '/desk/home')
  await link(desk, /^上门单/).click()
  await heading(desk, '上门单').waitFor()
  await desk.getByRole('radio', { name: '待接单' }).click()
  await field(desk, '查找').fill('北院 501')
  await button(desk, /家庭保洁/).click()
  await see(desk.getByText('门铃坏了，请敲门'))
  await see(desk.getByText('可以派谁'))
  await see(desk.getByText(/^步行过来约 \d+ 分钟/))
  await button(desk, `派${FAR.name}去`).click()
  await see(desk.getByText(`已派${FAR.name}，居民也知道了`))

  await see(lin.getByText('已接单').first())
  await see(lin.getByText(FAR.name))

  // They cannot be reached: staff take it back, and the resident hears of it.
  await button(desk, '换人').click()
  await button(desk, '换人').click()
  await see(desk.getByText(/^请写明原因/))
  await field(desk, '为什么换人').fill('联系不上')
  await button(desk, '换人').click()
  await see(desk.getByText('已收回，请重新派人'))
  await see(lin.getByText(/正在找人|正在询问/))
})

story('a complaint is taken, the resident is called, and it is answered', async ({ guest }) => {
  const [lin, desk] = [await guest({ phone: LIN.phone }), await guest({ phone: COMMUNITY.phone })]
  const { id } = await ask(lin, '/matters', { method: 'POST', body: { form: 'complaint', words: '小区广场的音响晚上十点还在响' } })
  await open(desk, '/desk/home')
  await link(desk, /^投诉、表扬和回访/).click()
  await button(desk, /音响晚上十点/).click()
  await heading(desk, '处理详情').waitFor()
  const take = button(desk, '我来负责')
  await see(take.or(desk.getByText('199 0000 0001')))
  if (await take.isVisible()) await take.click()
  await see(desk.getByText('199 0000 0001'))
  await see(desk.getByText(/前联系居民，还有/))
  await button(desk, '记下已联系').click()
  await button(desk, '记下已联系').click()
  await see(desk.getByText('请写上几句话'))
  await field(desk, '和居民说了什么').fill('已电话道歉，今晚去看')
  await button(desk, '记下已联系').click()
  await see(desk.getByText(/前答复，还有/))
  await button(desk, '答复').click()
  await field(desk, '结果是什么').fill('已和领舞的人约定，晚上九点关音响')
  await button(desk, '送出答复').click()
  await see(desk.getByText('答复已送出'))

  await open(lin, `/visit/matter?id=${id}`)
  await see(lin.getByText('已和领舞的人约定，晚上九点关音响'))
})

story('somebody at work calls for help: the desk hears it at once, takes it on and closes it', async ({ guest }) => {
  const [wang, desk] = [await guest({ phone: WORKER.phone }), await guest({ phone: STREET.phone })]
  await open(desk, '/desk/home')
  await see(heading(desk, '工作台'))
  await ask(wang, '/work/help', { method: 'POST', body: { words: '有人拦着不让走' } })
  await see(desk.getByRole('alert').filter({ hasText: '有人拦着不让走' }))
  await button(desk, '马上处理').click()
  await button(desk, '我来接手').click()
  await see(desk.getByText('199 0000 0021'))
  await button(desk, '了结').click()
  await see(desk.getByText('请写上怎样了结的'))
  await field(desk, '怎样了结的').fill('已通电话，人平安离开')
  await button(desk, '了结').click()
  await see(desk.getByText('没有人在求助'))
})

story("a provider's file is looked at paper by paper, and goes back with a reason", async ({ guest }) => {
  const [he, desk] = [await guest({ phone: HE.phone }), await guest({ phone: STREET.phone, viewport: DESK })]
  const hours = Object.fromEntries([1, 2, 3, 4, 5].map((day) => [day, [{ from: '08:00', to: '18:00' }]]))
  const home = { text: COMPOUND, point: { lat: 38.3246, lon: 116.8479 } }
  const services = [{ kind: 'housekeeping.cleaning' }]
  await ask(he, '/work/file', { method: 'PUT', body: { name: '何师傅', travel: 'foot', languages: ['mandarin'], home, hours, services, max_open: 2 } })
  const picture = await he.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 80, height: 50 })
    canvas.getContext('2d').fillRect(10, 10, 60, 30)
    const body = await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'))
    const kept = localStorage.getItem('linli.token')
    const token = kept.startsWith('{') ? JSON.parse(kept).data : kept
    return (await fetch('api/files?purpose=paper', { method: 'POST', headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'image/png' }, body })).json()
  })
  await ask(he, '/work/file/documents', { method: 'POST', body: { document: 'identity', file_id: picture.id, valid_until: '2030-05-01' } })
  const file = await ask(he, '/work/file/submit', { method: 'POST' })
  assert.equal(file.state, 'submitted')

  await open(desk, '/watch/workers')
  await button(desk, /何师傅/).click()
  await see(button(desk, '居民身份证的照片').locator('img'))
  await button(desk, '核验通过').click()
  await see(desk.getByText('还有 2 项没有看，请先逐项选好'))
  await desk.getByRole('radiogroup', { name: '居民身份证怎么样' }).getByRole('radio', { name: '没问题' }).click()
  await desk.getByRole('radiogroup', { name: '家庭保洁怎么样' }).getByRole('radio', { name: '没问题' }).click()
  await button(desk, '核验通过').click()
  await see(desk.getByText('已通过，本人会收到通知'))

  await button(desk, '暂停接单').click()
  await field(desk, '暂停的原因').fill('有投诉正在核实')
  await button(desk, '暂停接单').click()
  await see(desk.getByText('已暂停，本人会看到原因'))
  await button(desk, '恢复接单').click()
  await see(desk.getByText('已恢复，可以接单了'))
})

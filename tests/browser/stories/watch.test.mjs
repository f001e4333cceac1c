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

/** Sends a picture as the person of this page. */
const send = (page) =>
  page.evaluate(async () => {
    const canvas = Object.assign(document.createElement('canvas'), { width: 80, height: 50 })
    canvas.getContext('2d').fillRect(10, 10, 60, 30)
    const body = await new Promise((resolve) => canvas.toBlob(resolve, 'image/png'))
    const kept = localStorage.getItem('linli.token')
    const token = kept.startsWith('{') ? JSON.parse(kept).data : kept
    return (await fetch('api/files', { method: 'POST', headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'image/png' }, body })).json()
  })

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
  await button(desk, `派去：${FAR.name}`).click()
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
  const picture = await send(he)
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

story('staff ask for somebody to come to a person on the phone', async ({ guest }) => {
  const desk = await guest({ phone: STREET.phone })
  await open(desk, '/watch/visits')
  await button(desk, '替居民请人上门').click()
  await field(desk, '手机号').fill(HE.phone)
  await button(desk, '查找').click()
  await link(desk, new RegExp(HE.name)).click()
  await button(desk, /^服务 /).click()
  const picker = desk.getByRole('dialog')
  await picker.getByRole('radio', { name: '家政', exact: true }).click()
  await picker.getByRole('radio', { name: /^家庭保洁/ }).click()
  await button(desk, '请人上门').click()
  await see(desk.getByText('请先选一个小区，或在地图上指，再写上名称'))
  await field(desk, '小区名称').fill('大化北院')
  await desk.getByRole('radio', { name: COMPOUND }).click()
  await field(desk, '楼号和门牌').fill('5号楼1单元101')
  await desk.getByRole('radio', { name: /^尽快/ }).click()
  await button(desk, '请人上门').click()
  await heading(desk, '上门单详情').waitFor()
  await see(desk.getByText(HE.name))
  await see(desk.getByText(/5号楼1单元101/))
})

story('words somebody asked to have looked at are hidden with a reason, and a payment is put right', async ({ guest }) => {
  const [lin, wang, desk] = [await guest({ phone: LIN.phone }), await guest({ phone: WORKER.phone }), await guest({ phone: COMMUNITY.phone })]
  await ask(wang, '/work/duty', { method: 'POST', body: { duty: 'on' } })
  const { id } = await ask(lin, '/visits', { method: 'POST', body: { kind: 'housekeeping.cleaning', address: await door(lin), when: { now: true }, form: {} } })
  const { items } = await ask(desk, `/desk/visits/${id}/candidates`)
  const sent = items.find((one) => one.worker.name === WORKER.name)
  await ask(desk, `/desk/visits/${id}/assign`, { method: 'POST', body: { worker_id: sent.worker.id } })
  const { visit } = await ask(lin, `/orders/${id}`)
  for (const [step, body] of [['on-the-way', {}], ['arrived', {}], ['start', { code: visit.code }], ['done', {}]]) await ask(wang, `/work/jobs/${id}/${step}`, { method: 'POST', body })
  const { version } = await ask(lin, `/orders/${id}`)
  await ask(lin, `/orders/${id}/agree`, { method: 'POST', body: { version } })
  await ask(lin, `/orders/${id}/rating`, { method: 'POST', body: { level: 2, tags: [], words: '骂人的话' } })
  await ask(wang, `/work/jobs/${id}/rating`, { method: 'POST', body: { level: 5, tags: [] } })
  await ask(wang, `/ratings/${id}/report`, { method: 'POST', body: { reason: '在骂人' } })

  await open(desk, '/watch/ratings')
  await see(desk.getByText('骂人的话'))
  await see(desk.getByText('在骂人'))
  await button(desk, '隐藏文字和照片').click()
  await see(desk.getByText(/^请写明原因/))
  await field(desk, '您的决定和原因（写评价的人能看到）').fill('请对事不对人')
  await button(desk, '隐藏文字和照片').click()
  await see(desk.getByText('已隐藏，打的分仍然算数'))
  await see(desk.getByText('没有被举报的评价'))

  await open(desk, `/watch/visit?id=${id}`)
  await button(desk, '更正付款').click()
  await field(desk, '正确的金额（元）').fill('六十')
  await field(desk, '为什么更正').fill('少做了半小时')
  await button(desk, '更正付款').click()
  await see(desk.getByText('请写一个金额，例如 80 或 80.5'))
  await field(desk, '正确的金额（元）').fill('60')
  await button(desk, '更正付款').click()
  await see(desk.getByText('已更正，上门的人能看到'))
  await open(desk, '/watch/statements')
  await see(desk.getByText(WORKER.name))
  await see(desk.getByText('¥60.00'))
  await open(desk, '/watch/figures')
  await see(desk.getByText('1 单中 1 单'))
})

story('a picture of a report is shown to everybody once staff have looked at it, and can be taken back', async ({ guest }) => {
  const [lin, he, desk] = [await guest({ phone: LIN.phone }), await guest({ phone: HE.phone }), await guest({ phone: STREET.phone, viewport: DESK })]
  const address = { ...(await door(lin)), detail: '东门外' }
  const { id } = await ask(lin, '/visits', { method: 'POST', body: { kind: 'security.hazard', address, when: { now: true }, form: { what: '井盖松了' } } })
  const picture = await send(lin)
  await ask(lin, `/visits/${id}/pictures`, { method: 'POST', body: { file_id: picture.id } })
  assert.equal((await ask(he, `/hazards/${id}`)).picture, undefined)

  await open(desk, `/watch/visits?list=open&id=${id}`)
  await see(desk.getByText('照片能不能公开'))
  await button(desk, '照片 1 可以公开').click()
  await see(desk.getByText('已公开', { exact: true }))
  assert.ok((await ask(he, `/hazards/${id}`)).picture)
  await button(desk, '收回照片 1').click()
  await see(desk.getByText('已收回', { exact: true }))
  assert.equal((await ask(he, `/hazards/${id}`)).picture, undefined)
})

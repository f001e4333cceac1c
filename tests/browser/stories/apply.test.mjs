// Somebody becomes a provider: step by step, with a break in the middle, papers photographed, mended after a no, and on duty in the
// end. Whoever works already sees what they earned and what was said, takes days off and does not go somewhere again.
import assert from 'node:assert/strict'
import { house } from '../support/house.mjs'
import { CLEANER, DISTRICT, LIN, button, field, heading, holds, link, see, tab, until } from '../support/steps.mjs'
import { ask, visit } from '../support/tour.mjs'

const { story } = house()
const COMPOUND = '演示小区·大化北院'
const NO = '健康证照片不清楚，请重拍'

const question = (page, words) => page.getByRole('heading', { level: 2, name: words }).waitFor()
const next = (page) => button(page, '保存，下一步').click()
const apply = async (page) => {
  await tab(page, '我的')
  await link(page, /^成为服务者/).click()
  await heading(page, '服务者资料').waitFor()
}

/** Gives a file to the phone's own window for choosing pictures. */
async function choosePicture(page, file) {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), page.getByRole('dialog').getByRole('button', { name: '添加照片' }).click()])
  await chooser.setFiles(file)
}
const photo = async (page) => ({ name: 'paper.png', mimeType: 'image/png', buffer: await page.screenshot() })

story('somebody applies in steps, leaves in the middle, mends what is refused, and goes on duty', async ({ guest }) => {
  // What the server refuses is written on the console by the browser itself.
  const page = await guest({ phone: LIN.phone, forgive: /status of 4\d\d/ })
  await apply(page)
  await button(page, '开始填写').click()
  await question(page, '怎么称呼您？')
  await holds(field(page, '姓名'), LIN.name)
  await page.getByRole('radio', { name: '女', exact: true }).click()
  await next(page)

  await question(page, '您做哪些服务？')
  await next(page)
  await see(page.getByText('请至少选一项服务'))
  await page.getByRole('checkbox', { name: /^家庭保洁/ }).click()
  await page.getByRole('checkbox', { name: /^居家护工.*健康证/s }).click()
  await next(page)
  await question(page, '怎么收费？')
  await field(page, '每小时多少元').first().fill('不便宜')
  await next(page)
  await see(page.getByText('请填写金额'))
  await field(page, '每小时多少元').first().fill('45.5')
  await next(page)
  await question(page, '平时从哪里出发？')
  await next(page)
  await see(page.getByText('请先选一个小区，或在地图上指，再写上名称'))
  await page.getByRole('radio', { name: COMPOUND }).click()
  await next(page)
  await question(page, '去哪些社区？')
  await next(page)
  await question(page, '怎么出行？')
  await page.getByRole('radio', { name: /^电动车/ }).click()
  await next(page)
  await question(page, '什么时候可以服务？')
  await button(page, '先填常用时间，再修改').click()
  await field(page, '到几点').fill('21:30')

  // Away in the middle of a question, and back: nothing is lost, neither what was saved nor what was half written.
  await page.goto('about:blank')
  await page.goto('/')
  await apply(page)
  await see(page.getByText('填写中', { exact: true }))
  await button(page, '继续填写').click()
  await question(page, '什么时候可以服务？')
  await holds(field(page, '到几点'), '21:30')
  await field(page, '到几点').fill('7:00')
  await next(page)
  await see(page.getByText('结束至少要比开始晚半小时'))
  await field(page, '到几点').fill('21:30')
  await next(page)
  await question(page, '还想让邻里知道什么？')
  await page.getByRole('checkbox', { name: '普通话' }).click()
  await field(page, '介绍自己').fill('细心，自带工具')
  await next(page)

  await question(page, '请拍下证件')
  await button(page, '拍照上传健康证').click()
  await choosePicture(page, { name: 'paper.jpg', mimeType: 'image/jpeg', buffer: Buffer.from('no picture at all') })
  await see(page.getByText('这不是能用的图片'))
  await choosePicture(page, await photo(page))
  await see(page.getByRole('dialog').getByRole('button', { name: '照片 1', exact: true }))
  await button(page, '交给社区审核').click()
  await see(page.getByText('请填写证件上的有效期'))
  await field(page, '有效期到哪天').fill('2027-11-20')
  await button(page, '交给社区审核').click()
  await see(page.getByText('等待审核', { exact: true }))
  await button(page, '下一步').click()
  await question(page, '请核对，然后提交')
  await see(page.getByText('都填好了'))
  await see(page.getByText('周一至周五 08:00–21:30'))
  await button(page, '提交审核').click()
  await see(page.getByText('已经提交，社区正在审核'))

  const staff = await guest({ phone: DISTRICT.phone })
  const found = (await ask(staff, '/desk/workers?state=submitted')).items.find(({ name }) => name === LIN.name)
  assert.ok(found, 'the desk sees the file')
  const decide = (body) => ask(staff, `/desk/workers/${found.id}/decide`, { method: 'POST', body })
  await decide({ verify: false, reason: NO, documents: [{ id: found.documents[0].id, verify: false, reason: NO }] })

  // The message leads to the file.
  await page.goto('/')
  await tab(page, /^消息/)
  const told = link(page, /您的服务人员资料未通过审核/)
  await until(page, () => page.reload(), told)
  await told.click()
  await heading(page, '服务者资料').waitFor()
  await see(page.getByText(NO))
  await button(page, '修改后再提交').click()
  await question(page, '请拍下证件')
  await button(page, '更换健康证').click()
  await choosePicture(page, await photo(page))
  await see(page.getByRole('dialog').getByRole('button', { name: '照片 1', exact: true }))
  await field(page, '有效期到哪天').fill('2026-12-10')
  await button(page, '交给社区审核').click()
  await see(page.getByText('等待审核', { exact: true }))
  await button(page, '下一步').click()
  await button(page, '提交审核').click()
  await see(page.getByText('已经提交，社区正在审核'))

  const again = await ask(staff, `/desk/workers/${found.id}`)
  const waiting = again.documents.filter(({ state }) => state === 'asked')
  await decide({ verify: true, documents: waiting.map(({ id }) => ({ id, verify: true })), services: again.services.map(({ kind }) => ({ kind, verify: true })) })
  await visit(page, '/work/file')
  await see(page.getByText('已通过审核', { exact: true }))
  // It runs out within thirty days: said where one looks, with the way to replace it.
  await see(page.getByText('快到期或已到期：健康证'))
  await button(page, '我的证件').click()
  await heading(page, '我的证件').waitFor()
  await see(page.getByText('还有 17 天', { exact: false }))
  const { duty } = await ask(page, '/work/duty', { method: 'POST', body: { duty: 'on' } })
  assert.equal(duty, 'on')

  // In force it is changed one answer at a time.
  await visit(page, '/work/file')
  await link(page, /^服务时间/).click()
  await question(page, '什么时候可以服务？')
  await field(page, '到几点').fill('20:00')
  await button(page, '保存').click()
  await see(page.getByText('周一至周五 08:00–20:00'))
})

story('whoever comes sees what it earned and what was said, and answers once', async ({ guest }) => {
  const [lin, wang] = [await guest({ phone: LIN.phone }), await guest({ phone: CLEANER.phone })]
  const order = await jobDone(lin, wang)
  await ask(lin, `/orders/${order}/agree`, { method: 'POST', body: { version: (await ask(lin, `/orders/${order}`)).version } })
  await ask(lin, `/orders/${order}/rating`, { method: 'POST', body: { level: 5, words: '擦得很干净' } })
  await ask(wang, `/work/jobs/${order}/rating`, { method: 'POST', body: { level: 5 } })

  await visit(wang, '/work/file')
  await link(wang, /^我的收入/).click()
  await see(wang.getByText('家庭保洁'))
  await see(wang.getByText('居民当面付给您的'))
  const [file] = await Promise.all([wang.waitForEvent('download'), button(wang, '存为 Excel').click()])
  assert.match(file.suggestedFilename(), /^收入明细-2026-11-23\.xlsx$/)

  await visit(wang, '/work/ratings')
  await see(wang.getByText('擦得很干净'))
  await button(wang, '回复').click()
  await field(wang, '想说的话').fill('谢谢，下次再来')
  await button(wang, '发出回复').click()
  await see(wang.getByText('您的回复'))
  assert.equal(await button(wang, '回复').count(), 0, 'one answers once')

  await visit(wang, '/work/refused')
  await button(wang, '不再去一户人家').click()
  await wang.getByRole('dialog').getByRole('radio').first().click()
  await field(wang, '原因').fill('有大狗')
  await button(wang, '不再派我去').click()
  await see(wang.getByText('有大狗'))
  await button(wang, /^可以再去/).click()
  await see(wang.getByText('名单是空的'))
})

story('days off are tapped on a calendar, and kept', async ({ guest }) => {
  const page = await guest({ phone: CLEANER.phone })
  await visit(page, '/work/daysoff')
  await field(page, '原因').fill('回老家')
  await page.getByRole('checkbox', { name: /^11月29日/ }).click()
  await page.getByRole('checkbox', { name: /^11月30日/ }).click()
  await button(page, '下个月').click()
  await page.getByRole('checkbox', { name: /^12月1日/ }).click()
  await see(page.getByText('11月29日至12月1日'))
  await button(page, '保存').click()
  await see(page.getByText('已保存'))
  await visit(page, '/work/daysoff')
  await see(page.getByText('11月29日至12月1日'))
  await button(page, /^取消休息/).click()
  await button(page, '保存').click()
  await see(page.getByText('还没有休息日'))
})

/** Lin asks for a cleaner, and Wang comes and is done: by the interface. Answers with the order. */
async function jobDone(lin, wang) {
  const compounds = (await ask(lin, '/compounds')).items
  const door = { compound_id: compounds.find(({ name }) => name.zh === COMPOUND).id, detail: '3-2-501' }
  const { id } = await ask(lin, '/visits', { method: 'POST', body: { kind: 'housekeeping.cleaning', address: door, when: { now: true }, form: {} } })
  const offer = await soon(async () => (await ask(wang, '/work/offers')).items.find((one) => one.order_id === id))
  await ask(wang, `/work/offers/${offer.id}/accept`, { method: 'POST' })
  const code = await soon(async () => (await ask(lin, `/orders/${id}`)).visit.code)
  const step = (name, body = {}) => ask(wang, `/work/jobs/${id}/${name}`, { method: 'POST', body })
  await step('on-the-way')
  await step('arrived')
  await step('start', { code })
  await step('done')
  return id
}

/** What the server does by itself a moment later. */
async function soon(look) {
  const deadline = Date.now() + 20_000
  for (;;) {
    const found = await look()
    if (found) return found
    assert.ok(Date.now() < deadline, 'it did not come')
    await new Promise((resolve) => setTimeout(resolve, 300))
  }
}

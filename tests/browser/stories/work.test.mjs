// Those who come: on duty, offered a job while the page is open, on the way, at work by the resident's code, done; and the same
// without signal.
import assert from 'node:assert/strict'
import { house } from '../support/house.mjs'
import { LIN, button, field, heading, link, see, tab } from '../support/steps.mjs'
import { ask } from '../support/tour.mjs'

const { story } = house()
/** A cleaner in the compound next door. */
const WORKER = { phone: '19900000021', name: '演示师傅·王一' }
const COMPOUND = '演示小区·大化北院'
/** Another one, elsewhere and on foot: whoever has worked today is not asked again before the planned end. */
const WALKER = { phone: '19900000022' }
const HER_COMPOUND = '演示小区·朝阳家园'
/** Where the cleaner is at home, a few hundred metres away. */
const HOME = { latitude: 38.3246, longitude: 116.8479 }
/** A small picture, told apart by its colour. */
const picture = (page, colour) =>
  page.evaluate(async (fill) => {
    const sheet = document.createElement('canvas')
    sheet.width = sheet.height = 64
    const pen = sheet.getContext('2d')
    pen.fillStyle = fill
    pen.fillRect(0, 0, 64, 64)
    const blob = await new Promise((resolve) => sheet.toBlob(resolve, 'image/jpeg'))
    return [...new Uint8Array(await blob.arrayBuffer())]
  }, colour)

const parameter = (page, name) => new URLSearchParams(page.url().split('?')[1]).get(name)
const next = (page) => button(page, '下一步').click()
const question = (page, words) => page.getByRole('heading', { level: 2, name: words }).waitFor()

/** Asks for a cleaner as soon as possible; answers with the order. */
async function askForCleaner(page, note, compound = COMPOUND) {
  await link(page, '家政').click()
  await link(page, /^家庭保洁/).click()
  await question(page, '到哪里？')
  await page.getByRole('radio', { name: compound }).click()
  await field(page, '楼号和门牌').fill('3号楼2单元501')
  await next(page)
  await question(page, '要做什么？')
  await field(page, '补充说明').fill(note)
  await next(page)
  await question(page, '什么时候来？')
  await page.getByRole('radio', { name: /^尽快/ }).click()
  await next(page)
  await question(page, '有照片吗？')
  await button(page, '不用照片，下一步').click()
  await question(page, '对来的人有什么希望？')
  await next(page)
  await question(page, '请核对')
  await button(page, '请人上门').click()
  await see(page.getByText(/正在找人|正在询问服务人员/))
  return parameter(page, 'id')
}
const codeOf = async (page) => (await page.getByText('开工码', { exact: true }).locator('..').innerText()).match(/\d{4}/)[0]

/** From the first page to one's work, where the phone may say where it is. */
async function toWork(page) {
  await page.context().grantPermissions(['geolocation'])
  await page.context().setGeolocation(HOME)
  await tab(page, '我的')
  await link(page, /^我的接单/).click()
  await heading(page, '我的接单').waitFor()
}
const onDuty = (page) => page.getByRole('radio', { name: '上岗', exact: true })
const dialog = (page, name) => page.getByRole('dialog', { name })

story('a cleaner on duty is offered a job live, goes there seen by the resident, starts by the code, and finishes', async ({ guest }) => {
  const lin = await guest({ phone: LIN.phone })
  // The wrong code is refused.
  const wang = await guest({ phone: WORKER.phone, forgive: /409 .*\/start$/ })
  await toWork(wang)
  await wang.getByRole('radio', { name: '下岗', exact: true }).click()
  await see(wang.getByText('没有上岗'))
  await wang.getByRole('radio', { name: '休息', exact: true }).click()
  await see(wang.getByText(/自动恢复接单/))
  await onDuty(wang).click()
  await see(wang.getByText('正在接单'))

  const order = await askForCleaner(lin, '门铃坏了，请敲门')
  // It comes while the page is open, and counts down.
  await see(wang.getByText('为什么找您'))
  await see(wang.getByRole('timer', { name: /^还剩/ }))
  await see(wang.getByText(/大约在.+接单后显示门牌/))
  assert.equal(await wang.getByText('3号楼2单元501').count(), 0, 'the door is shown to whoever accepts')
  await button(wang, '接单').click()
  await heading(wang, '家庭保洁').waitFor()
  await see(wang.getByText('已接单，等您出发'))
  await see(wang.getByText('3号楼2单元501'))
  await see(wang.getByText('门铃坏了，请敲门'))
  await see(wang.getByText('为什么找您'))
  await see(lin.getByText('已接单').first())
  const code = await codeOf(lin)

  await button(wang, '打电话').click()
  await see(dialog(wang, '给居民打电话').getByText('199 0000 0001'))
  await wang.keyboard.press('Escape')

  await button(wang, '出发了').click()
  await see(wang.getByText('在路上', { exact: true }))
  await see(wang.getByText('居民能看到您的位置（只在路上）'))
  await see(lin.getByText('正在路上'))
  await see(lin.getByText(/^约 \d+ 分钟到$/))
  await see(lin.getByRole('img', { name: `${WORKER.name}的位置` }))
  await button(wang, '我到了').click()
  await see(lin.getByText('已到门口'))

  // A call for help can be taken back while it counts down; then it goes out by itself.
  await button(wang, '求助').click()
  await see(wang.getByText(/秒后通知社区和您的单位/))
  await button(wang, '不用了，点错了').click()
  await dialog(wang, '紧急求助').waitFor({ state: 'hidden' })
  await button(wang, '求助').click()
  await see(wang.getByText('已经通知到了'))
  await see(button(wang, '拨打 110'))
  await button(wang, '我没事了，关闭').click()

  await button(wang, '开始服务').click()
  const start = dialog(wang, '开始服务')
  await field(start, '开工码').fill(code === '0000' ? '1111' : '0000')
  await button(start, '开始服务').click()
  await see(start.getByText('开工码不对'))
  await field(start, '开工码').fill(code)
  await button(start, '开始服务').click()
  await see(wang.getByText('服务中', { exact: true }))
  await see(lin.getByText('服务中'))

  const [chooser] = await Promise.all([wang.waitForEvent('filechooser'), button(wang, '拍做完后').click()])
  await chooser.setFiles({ name: 'after.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(await picture(wang, '#0F766E')) })
  await see(wang.getByRole('button', { name: '照片 1' }))

  await button(wang, '做完了').click()
  await button(dialog(wang, '做完了？'), '做完了').click()
  await see(wang.getByText('已做完', { exact: true }))
  await button(lin, '确认已办好').click()
  await button(lin, '去评价').click()
  await heading(lin, '评价').waitFor()
  await lin.getByRole('radio', { name: '非常满意', exact: true }).click()
  await button(lin, '提交评价').click()
  await see(lin.getByText('您的评价'))

  // The other side says how it was there; then each may read the other.
  await wang.reload()
  await button(wang, '评价这一单').click()
  await dialog(wang, '这一家怎么样').getByRole('radio', { name: '非常满意', exact: true }).click()
  await button(dialog(wang, '这一家怎么样'), '提交').click()
  await see(wang.getByText('居民说的'))
  await wang.goto('/#/work/index')
  await wang.getByRole('tab', { name: '做过的' }).click()
  await see(link(wang, /家庭保洁.*演示居民·林一/s))
  assert.equal((await ask(wang, `/work/jobs/${order}`)).order_state, 'closed')
})

story('work without signal is kept on the phone and sent once, with its own time', async ({ guest }) => {
  const lin = await guest({ phone: LIN.phone })
  const li = await guest({ phone: WALKER.phone, forgive: /ERR_INTERNET_DISCONNECTED|ERR_NETWORK_CHANGED|Failed to fetch|WebSocket/ })
  await toWork(li)
  await onDuty(li).click()
  await see(li.getByText('正在接单'))
  const order = await askForCleaner(lin, '请带抹布', HER_COMPOUND)
  await see(li.getByText('为什么找您'))
  await button(li, '接单').click()
  await heading(li, '家庭保洁').waitFor()
  await button(li, '出发了').click()
  await see(li.getByText('居民能看到您的位置（只在路上）'))
  const code = await codeOf(lin)

  const said = []
  li.on('request', (request) => request.method() === 'POST' && /\/work\/jobs\//.test(request.url()) && said.push(request))
  await li.context().setOffline(true)
  await button(li, '我到了').click()
  await see(li.getByText('已到门口', { exact: true }))
  await see(li.getByText('有 1 项还没有发出去'))
  await button(li, '开始服务').click()
  await field(dialog(li, '开始服务'), '开工码').fill(code)
  await button(dialog(li, '开始服务'), '开始服务').click()
  await see(li.getByText('服务中', { exact: true }))
  const [chooser] = await Promise.all([li.waitForEvent('filechooser'), button(li, '拍做完后').click()])
  await chooser.setFiles({ name: 'after.jpg', mimeType: 'image/jpeg', buffer: Buffer.from(await picture(li, '#B45309')) })
  await see(li.getByText('1 张等待发送'))
  await button(li, '做完了').click()
  await button(dialog(li, '做完了？'), '做完了').click()
  await see(li.getByText('已做完', { exact: true }))
  await see(li.getByText('有 4 项还没有发出去'))
  await see(lin.getByText('正在路上'))
  const finished = Date.now()

  said.length = 0
  await li.context().setOffline(false)
  await see(lin.getByText(/已完成|请确认|等您确认/).or(button(lin, '确认已办好')))
  await li.getByText(/还没有发出去/).waitFor({ state: 'detached' })
  const job = await ask(li, `/work/jobs/${order}`)
  assert.deepEqual(job.pictures.map(({ moment }) => moment), ['after'])
  const events = job.timeline.map(({ event }) => event)
  for (const once of ['arrived', 'started', 'picture_added']) assert.equal(events.filter((event) => event === once).length, 1, `${once} in ${events}`)
  // In order, and each carries the time it was done at, not the time it was sent.
  const [arrived, started, done] = [job.arrived_at, job.started_at, job.done_at].map((at) => Date.parse(at))
  assert.ok(arrived <= started && started <= done, `${arrived} ${started} ${done}`)
  const sent = said.map((request) => request.url().split('/').pop()).filter((step) => step !== 'position')
  assert.deepEqual([...new Set(sent)], ['arrived', 'start', 'pictures', 'done'])
  const ahead = await ask(li, '/service').then(({ now }) => Date.parse(now) - Date.now())
  assert.ok(done <= finished + ahead + 1_500, 'done is when it was done')
})

story('somebody who does not come to others sees no jobs', async ({ guest }) => {
  const lin = await guest({ phone: LIN.phone })
  await tab(lin, '我的')
  await see(link(lin, /^投诉与表扬/))
  assert.equal(await link(lin, /^我的接单/).count(), 0)
  await lin.goto('/#/work/index')
  await see(lin.getByText('这里是给上门服务人员用的'))
})

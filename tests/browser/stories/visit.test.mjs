// Somebody comes: asked for step by step, seen coming without touching the page, agreed to and rated. What is reported twice is one
// report, and a complaint has an owner and a way up.
import assert from 'node:assert/strict'
import { house } from '../support/house.mjs'
import { HE, LIN, button, field, heading, link, see, tab } from '../support/steps.mjs'
import { ask } from '../support/tour.mjs'

const { story } = house()
/** A cleaner in the compound next door. */
const WORKER = { phone: '19900000021', name: '演示师傅·王一' }
const COMPOUND = '演示小区·大化北院'

const parameter = (page, name) => new URLSearchParams(page.url().split('?')[1]).get(name)
const next = (page) => button(page, '下一步').click()
const question = (page, words) => page.getByRole('heading', { level: 2, name: words }).waitFor()

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

async function chooseDoor(page) {
  await page.getByRole('radio', { name: COMPOUND }).click()
  await field(page, '楼号和门牌').fill('3号楼2单元501')
}

story('a cleaner is asked for, comes while the page is open, starts by the code, and is rated', async ({ guest }) => {
  const [lin, wang] = [await guest({ phone: LIN.phone }), await guest({ phone: WORKER.phone })]
  await link(lin, '家政').click()
  await link(lin, /^家庭保洁/).click()
  await question(lin, '到哪里？')
  await next(lin)
  await see(lin.getByText('请先选一个小区，或在地图上指，再写上名称'))
  await chooseDoor(lin)
  await next(lin)
  await question(lin, '要做什么？')
  await field(lin, '补充说明').fill('门铃坏了，请敲门')
  await next(lin)
  await question(lin, '什么时候来？')
  await lin.getByRole('radio', { name: /^尽快/ }).click()
  await next(lin)
  await question(lin, '有照片吗？')
  await button(lin, '不用照片，下一步').click()
  await question(lin, '对来的人有什么希望？')
  await next(lin)
  await question(lin, '请核对')
  await see(lin.getByText('门铃坏了，请敲门'))
  await button(lin, '请人上门').click()
  await see(lin.getByText(/正在找人|正在询问服务人员/))
  const order = parameter(lin, 'id')

  const offer = await soon(async () => (await ask(wang, '/work/offers')).items.find((one) => one.order_id === order))
  await ask(wang, `/work/offers/${offer.id}/accept`, { method: 'POST' })
  await see(lin.getByText('已接单').first())
  await see(lin.getByText(WORKER.name))
  await see(lin.getByText('为什么是这位'))
  const code = (await lin.getByText('开工码', { exact: true }).locator('..').innerText()).match(/\d{4}/)[0]
  await button(lin, '给来的人打电话').click()
  await see(lin.getByRole('dialog').getByText('199 0000 0021'))
  await lin.keyboard.press('Escape')

  const job = (step, body = {}) => ask(wang, `/work/jobs/${order}/${step}`, { method: 'POST', body })
  await job('on-the-way')
  await see(lin.getByText('正在路上'))
  await job('position', { point: { lat: 38.3246, lon: 116.8479 } })
  await see(lin.getByText(/^约 \d+ 分钟到$/))
  await see(lin.getByRole('img', { name: `${WORKER.name}的位置` }))
  await job('arrived')
  await see(lin.getByText('已到门口'))
  await job('start', { code })
  await see(lin.getByText('服务中'))
  await job('done')
  await button(lin, '确认已办好').click()
  await button(lin, '去评价').click()
  await heading(lin, '评价').waitFor()
  await lin.getByRole('radio', { name: '非常满意', exact: true }).click()
  await lin.getByRole('checkbox').first().click()
  await field(lin, '想说的话').fill('擦得很干净')
  await button(lin, '提交评价').click()
  await see(lin.getByText('您的评价'))
  await see(lin.getByText('擦得很干净'))

  await button(lin, '更多').click()
  await button(lin, '以后不再请这位').or(link(lin, /^以后不再请这位/)).click()
  await button(lin, '不再请').click()
  await see(lin.getByText('好的，以后不再安排这位'))
})

story('a lift reported twice is one report with a follower', async ({ guest }) => {
  const [lin, he] = [await guest({ phone: LIN.phone }), await guest({ phone: HE.phone })]
  for (const [page, first] of [[lin, true], [he, false]]) {
    await link(page, '物业').click()
    await link(page, /^电梯报修/).click()
    await question(page, '在什么地方？')
    await page.getByRole('radio', { name: '按小区找' }).click()
    await page.getByRole('radio', { name: COMPOUND }).click()
    await next(page)
    await question(page, '是什么情况？')
    await field(page, '哪部电梯（楼号-单元）').fill(first ? '3号楼2单元' : '3-2')
    await next(page)
    await question(page, '请核对')
    if (first) {
      await button(page, '请人上门').click()
      await see(page.getByText(/正在找人|正在询问/))
    } else {
      await see(page.getByText('已经有人报过这件事'))
      await button(page, '关注这件事').click()
      await see(page.getByText('我关注的'))
      await see(link(page, /电梯报修/))
    }
  }
})

story('a complaint about nothing booked has an owner and a deadline, and can go up', async ({ guest }) => {
  const lin = await guest({ phone: LIN.phone })
  await tab(lin, '我的')
  await link(lin, /^投诉与表扬/).click()
  await button(lin, '投诉').click()
  await heading(lin, '投诉或表扬').waitFor()
  await button(lin, '提交投诉').click()
  await see(lin.getByText('这一项需要填写'))
  await field(lin, '发生了什么事').fill('小区广场的音响晚上十点还在响')
  await button(lin, '提交投诉').click()
  await heading(lin, '投诉').waitFor()
  await see(lin.getByText('小区广场的音响晚上十点还在响'))
  await see(lin.getByText(/之前$/))
  await button(lin, '请上一级处理').click()
  await lin.getByRole('dialog').getByRole('button', { name: '请上一级处理' }).click()
  await see(lin.getByText('已交给上一级'))
})

story('what sounds like an emergency is answered with a number to call before anything else', async ({ guest }) => {
  const page = await guest({ phone: LIN.phone })
  await link(page, '治安').click()
  await link(page, /^上报隐患/).click()
  await question(page, '在什么地方？')
  const map = page.getByRole('application')
  await map.focus()
  await map.press('ArrowRight')
  await see(page.getByText(/附近$/))
  await field(page, '在什么地方').fill('车棚')
  await next(page)
  await field(page, '是什么隐患').fill('车棚着火了，在冒烟')
  await see(button(page, /^拨打 119/))
})

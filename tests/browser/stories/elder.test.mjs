// Large type: every page in numbers, and a booking made by one who sees little, taps slowly and would rather hear it.
import assert from 'node:assert/strict'
import { fits } from '../support/look.mjs'
import { house } from '../support/house.mjs'
import { grown, heard, largest, listen, measures, strong } from '../support/elder.mjs'
import { HE, LIN, NEWCOMER, button, checkInCode, field, heading, link, open, see } from '../support/steps.mjs'
import { visit, wish } from '../support/modes.mjs'
import { ask, residentPages } from '../support/tour.mjs'

const { story } = house()

/** The one question of the page, and where on the way it is. */
async function asked(page, question, step) {
  await see(page.getByRole('heading', { level: 2, name: question, exact: true }))
  await see(page.getByText(step, { exact: true }))
  assert.equal(await page.getByRole('heading', { level: 2 }).count(), 1, 'one question a page')
}

/** Found when the first story needs them, since finding them makes a booking. */
let pages

/** One page in so many is looked at by each of the stories, so that none takes long. */
const PARTS = 3
for (let part = 0; part < PARTS; part += 1) {
  story(`every page keeps its promises in large type, part ${part + 1} of ${PARTS}`, async ({ guest }) => {
    const page = await guest({ phone: LIN.phone })
    pages ??= await residentPages(page)
    await wish(page, { large: true })
    const wrong = []
    // What is first done on a page is done in the usual way; large type asks differently, and is told below.
    for (const { name, path, ready } of pages.filter(({ act }) => !act).filter((_, index) => index % PARTS === part)) {
      await ready?.()
      await visit(page, path)
      for (const look of [grown, measures, strong, largest]) for (const words of await look(page)) wrong.push(`${name}: ${words}`)
    }
    assert.deepEqual(wrong, [])
  })
}

story('login asks for the number, then for the code', async ({ guest }) => {
  const page = await guest()
  await button(page, '大字版').click()
  assert.equal(await page.locator('.tile').count(), 4)
  await button(page, '登录').click()
  await asked(page, '您的手机号是多少？', '第 1 步，共 2 步')
  await inspectHere(page)
  await field(page, '手机号').fill(NEWCOMER.phone)
  await button(page, '获取验证码').click()
  await asked(page, '短信里的 6 位数字是多少？', '第 2 步，共 2 步')
  await inspectHere(page)
  // What was said stays until it is closed, and the way back leads to the number that is still there.
  await see(page.getByRole('status').getByText(/验证码已发到/))
  await button(page, '知道了').click()
  await button(page, '返回').click()
  await asked(page, '您的手机号是多少？', '第 1 步，共 2 步')
  assert.equal(await field(page, '手机号').inputValue(), NEWCOMER.phone)
})

/** The open page, measured where it stands. */
async function inspectHere(page) {
  assert.deepEqual([...(await measures(page)), ...(await largest(page))], [])
}

story('a doctor is booked by single questions, heard, and called about', async ({ guest }) => {
  // The profile says that he reads large type: it is there by itself on a new device.
  const page = await guest({ phone: HE.phone, large: true })
  await listen(page.context())
  await page.reload()
  await see(link(page, '看病'))
  assert.deepEqual(await page.locator('.tile').allInnerTexts(), ['看病', '吃饭', '帮忙', '打电话'])

  await link(page, '看病').click()
  await heading(page, '医疗').waitFor()
  await link(page, /^全科门诊/).click()
  await asked(page, '您想找谁、去哪里？', '第 1 步，共 4 步')
  await inspectHere(page)
  await link(page, /^演示医生·陈一/).click()
  await asked(page, '哪一天来？', '第 2 步，共 4 步')
  assert.equal(await page.getByRole('radio', { name: /^上午9:30/ }).count(), 0)
  await inspectHere(page)
  await page.getByRole('radio', { name: /^明天 周二/ }).click()
  await see(page.getByText('已选：明天 周二'))
  await see(page.getByText('第 3 步，共 4 步', { exact: true }))
  assert.equal(await page.getByRole('radiogroup', { name: '选择日期' }).count(), 0)
  await inspectHere(page)
  await button(page, '返回').click()
  await asked(page, '哪一天来？', '第 2 步，共 4 步')
  await page.getByRole('radio', { name: /^明天 周二/ }).click()
  await page.getByRole('radio', { name: /^上午9:30/ }).click()
  await heading(page, '确认预约').waitFor()
  await asked(page, '请核对，然后提交', '第 4 步，共 4 步')
  await see(page.getByText('明天 周二 上午9:30–10:00'))
  await see(page.getByText(HE.name))
  await inspectHere(page)
  await button(page, '提交预约').click()
  await heading(page, '预约详情').waitFor()
  const code = await checkInCode(page)
  assert.match(code, /^\d{4,8}$/)

  await heard(page)
  await button(page, '读给我听').click()
  const said = await heard(page)
  const words = said.filter((one) => one.words).map((one) => one.words).join(' ')
  for (const part of ['预约详情', '已预约', '全科门诊', '明天 周二 上午9:30', '演示社区卫生服务中心', code.split('').join(' ')]) assert.ok(words.includes(part), `${part} is not heard in: ${words}`)
  assert.ok(said.filter((one) => one.words).every((one) => one.language === 'zh-CN' && one.rate < 1))
  await button(page, '停止朗读').click()
  assert.deepEqual(await heard(page), [{ stopped: true }])
  await see(button(page, '读给我听'))

  // A question takes the whole screen; Escape leaves it.
  await button(page, '取消').click()
  await page.getByRole('dialog', { name: '取消这个预约？' }).waitFor()
  await inspectHere(page)
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })

  // The community is one tap away on every page.
  await button(page, '打电话给社区').click()
  await heading(page, '打电话办事').waitFor()
  const [{ help_phone }, { person }] = [await ask(page, '/service'), await ask(page, '/me')]
  const number = (await page.locator('.number').innerText()).replace(/\D/g, '')
  assert.equal(number, (person.community.phone ?? help_phone).replace(/\D/g, ''))
  await visit(page, '/pages/home/index')
  await button(page, '读给我听').click()
  assert.match((await heard(page)).map((one) => one.words ?? '').join(' '), /您接下来的预约：明天 周二 上午9:\d\d–.*门诊，在演示社区卫生服务中心/)
})

story('letters grow and shrink in five steps, and stay so on this device', async ({ guest }) => {
  const page = await guest({ phone: LIN.phone })
  await visit(page, '/account/display')
  await wish(page, { large: true })
  const size = () => page.getByText('明天 周二 上午9:30，全科门诊。').evaluate((element) => parseFloat(getComputedStyle(element).fontSize))
  assert.equal(await size(), 23)
  await button(page, '大一点').click()
  await button(page, '大一点').click()
  assert.equal(await size(), 30)
  assert.equal(await button(page, '大一点').getAttribute('aria-disabled'), 'true')
  for (let step = 0; step < 4; step += 1) await button(page, '小一点').click()
  assert.equal(await size(), 18)
  assert.deepEqual(await measures(page), [])
  await open(page, '/account/display')
  await see(page.getByText('18 号字'))
  assert.deepEqual(await fits(page), [])
})

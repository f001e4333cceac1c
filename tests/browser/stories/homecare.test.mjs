// The home-care file: an elder says whom to call and what they may eat; staff look in for a reason, and write down how able they are.
import assert from 'node:assert/strict'
import { house } from '../support/house.mjs'
import { HE, STAFF, STREET, button, field, heading, link, see, work } from '../support/steps.mjs'
import { soon } from '../support/ask.mjs'
import { visit } from '../support/tour.mjs'

const { story } = house()

/** The elder, found at the desk, with a part of their file open. */
async function lookInto(desk, part, reason) {
  await field(desk, '为什么要看').fill(reason)
  await desk.getByRole('radio', { name: part }).click()
  await button(desk, '打开这一部分').click()
}

story('an elder keeps a home-care file, staff look in for a reason, and the elder reads it', async ({ guest }) => {
  // Where there is no file yet, a browser writes down that nothing was found.
  const forgive = /care-file/
  const [elder, desk] = [await guest({ phone: HE.phone, forgive }), await guest({ phone: STREET.phone, forgive })]
  await visit(elder, '/pages/me/index')
  await link(elder, /^居家照护档案/).click()
  await button(elder, '建立我的档案').click()
  await see(elder.getByText('还没有写有急事打给谁。'))

  // A number is wanted before somebody can be called.
  await button(elder, '修改联系人').click()
  const first = elder.getByRole('group', { name: '第 1 位' })
  await field(first, '姓名').fill('演示女儿')
  await first.getByRole('radio', { name: '女儿' }).click()
  await button(elder, '保存').click()
  await see(elder.getByText('请写电话'))
  await field(first, '电话').fill('19900000055')
  await button(elder, '再加一位').click()
  const second = elder.getByRole('group', { name: '第 2 位' })
  await field(second, '姓名').fill('演示邻居')
  await second.getByRole('radio', { name: '邻居' }).click()
  await field(second, '电话').fill('19900000056')
  await button(elder, '把第 2 位往前排').click()
  await button(elder, '保存').click()
  await see(elder.getByText('1. 演示邻居（邻居）'))
  await see(elder.getByText('2. 演示女儿（女儿）'))

  await button(elder, '修改健康与饮食').click()
  await elder.getByRole('checkbox', { name: '花生' }).click()
  await elder.getByRole('checkbox', { name: '香菜' }).click()
  await elder.getByRole('radio', { name: /^软烂小块/ }).click()
  await field(elder, '慢性病').fill('高血压\n二型糖尿病')
  await button(elder, '保存').click()
  await see(elder.getByText('花生'))
  await see(elder.getByText('香菜'))

  await work(desk, '居家照护档案')
  await heading(desk, '居家照护档案').waitFor()
  await field(desk, '手机号').fill(HE.phone)
  await button(desk, '查找').click()
  await link(desk, new RegExp(HE.name)).click()
  await button(desk, '打开这一部分').click()
  await see(desk.getByText('请写原因，老人会看到'))
  await lookInto(desk, /^健康与饮食/, '安排送餐')
  await see(desk.getByText('高血压'))
  await button(desk, '登记能力评估').click()

  for (const [label, words] of [['评估地点', '家中'], ['评估员一', '演示评估甲'], ['证书编号', 'A1'], ['评估员二', '演示评估乙'], ['评估员二的证书编号', 'A2']]) await field(desk, label).fill(words)
  await button(desk, '登记').click()
  await see(desk.getByText('还有 26 项没有打分，先看“进食”'))
  // Full points but for the stairs.
  const items = desk.getByRole('radiogroup')
  await see(items)
  for (const item of await items.all()) {
    const levels = item.getByRole('radio')
    await (await item.getAttribute('aria-label') === '上下楼梯' ? levels.nth(2) : levels.last()).click()
  }
  await see(desk.getByText('合计 88 分（满分 90）'))
  await button(desk, '登记').click()
  await see(desk.getByText(`已登记${HE.name}的评估`))

  await visit(elder, '/homecare/file')
  await see(elder.getByText(/^1 级：/))
  await link(elder, /^谁看过我的档案/).click()
  await see(elder.getByText('原因：安排送餐'))

  await visit(elder, '/homecare/file')
  await button(elder, '关闭档案').click()
  await button(elder, '关闭并删除').click()
  await see(button(elder, '建立我的档案'))
  await visit(desk, '/homecare/desk')
  await field(desk, '手机号').fill(HE.phone)
  await button(desk, '查找').click()
  await link(desk, new RegExp(HE.name)).click()
  await lookInto(desk, /^有急事打给谁/, '有人没开门')
  await see(desk.getByText('这位老人还没有档案'))
})

story('somebody without a phone gets a card, the clinic finds them by it, and a lost one ends', async ({ guest }) => {
  const forgive = /\/card/
  const [desk, clinic] = [await guest({ phone: STREET.phone, forgive }), await guest({ phone: STAFF.phone, forgive: /card=/ })]
  await visit(desk, '/homecare/card')
  // By name, since they have no number to say.
  await desk.getByRole('tab', { name: '按姓名' }).click()
  await field(desk, '姓名').fill('演示老人')
  await button(desk, '查找').click()
  await link(desk, new RegExp(HE.name)).click()
  await button(desk, '发一张卡').click()
  await button(desk, '打印').waitFor()
  const code = async () => (await desk.locator('.idcard__code').allInnerTexts()).join(' ')
  const first = await code()
  assert.match(first, /^([0-9A-Z]{4} ?){4}$/)

  const lookUp = async (words) => {
    await field(clinic, '卡上的号码').fill(words)
    await button(clinic, '查找').click()
  }
  await visit(clinic, '/desk/book')
  await clinic.getByRole('tab', { name: '按邻里卡' }).click()
  assert.equal(await clinic.getByRole('tab', { name: '按姓名' }).count(), 0, 'names are looked for by staff of areas alone')
  await lookUp(first.toLowerCase())
  await see(link(clinic, new RegExp(HE.name)))

  await button(desk, '遗失，换新卡').click()
  await button(desk, '作废旧卡，发新卡').click()
  await soon(async () => (await code()) !== first)
  await lookUp(first)
  await see(clinic.getByText(/^没有这张卡/))
  await lookUp(await code())
  await see(link(clinic, new RegExp(HE.name)))

  // On paper nothing but the card is left.
  await desk.emulateMedia({ media: 'print' })
  assert.equal(await desk.locator('.idcard').isVisible(), true)
  for (const gone of [desk.locator('.no-paper'), button(desk, '打印'), heading(desk, '邻里卡')]) assert.equal(await gone.first().isVisible(), false)
})

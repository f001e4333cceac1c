// Somebody opens it for the first time, knows nobody and nothing, and needs a doctor.
import assert from 'node:assert/strict'
import { house } from '../support/house.mjs'
import { LIN, button, field, heading, holds, link, see } from '../support/steps.mjs'

const { story } = house()
/** What it takes: three to a time, four to log in, one to book. */
const TAPS = 8
/** Whom nobody knows says who it is for as well: one tap to the form, one to agree, one to save. */
const MORE_TAPS = 3
/** A number nobody has logged in with, and an identity number of a region that does not exist. */
const NOBODY = { phone: '19900000977', name: '演示新来的·陈', number: '990101198503150033' }

/** Counts taps on a page, and takes it from the first page to a time that is to be confirmed. */
async function toConfirm(page, phone) {
  const count = { taps: 0 }
  const tap = async (locator) => {
    await locator.click()
    count.taps += 1
  }
  await tap(link(page, '医疗'))
  await tap(link(page, /^全科门诊/))
  await see(page.getByText('最快能约到'))
  const [time] = /(今天|明天|后天) 周. .午\d+:\d+/.exec(await page.getByText('最快能约到').locator('..').innerText())
  await tap(button(page, '约这个时间'))
  // What was chosen stands there before anything is asked, and after it.
  await heading(page, '确认预约').waitFor()
  await see(page.getByText(time))
  await tap(button(page, '登录，继续预约'))
  await field(page, '手机号').fill(phone)
  await tap(button(page, '获取验证码'))
  await holds(field(page, '验证码'), /\d{6}/.exec(await page.getByText(/验证码是 \d{6}/).textContent())[0])
  await tap(page.getByRole('checkbox'))
  await tap(button(page, '登录'))
  await heading(page, '确认预约').waitFor()
  await see(page.getByText(time))
  return { count, tap }
}

story('whoever opens it for the first time has a doctor after eight taps', async ({ guest }) => {
  const page = await guest()
  const { count, tap } = await toConfirm(page, LIN.phone)
  await tap(button(page, '提交预约'))
  await heading(page, '预约详情').waitFor()
  await see(page.getByText('已预约', { exact: true }))
  assert.equal(count.taps, TAPS)
})

story('a number never seen before has a doctor after three taps more, and the desk looks at the card', async ({ guest }) => {
  const page = await guest()
  const { count, tap } = await toConfirm(page, NOBODY.phone)
  await see(page.getByText('还差姓名和身份证号'))
  await tap(button(page, '填写姓名和身份证号'))
  await field(page, '姓名').fill(NOBODY.name)
  await field(page, '填写身份证号').fill(NOBODY.number)
  await tap(page.getByRole('checkbox'))
  await tap(button(page, '保存'))
  await heading(page, '确认预约').waitFor()
  await tap(button(page, '提交预约'))
  await heading(page, '预约详情').waitFor()
  await see(page.getByText('已预约', { exact: true }))
  assert.equal(count.taps, TAPS + MORE_TAPS)
})

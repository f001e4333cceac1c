// Somebody opens it for the first time, knows nobody and nothing, and needs a doctor.
import assert from 'node:assert/strict'
import { house } from '../support/house.mjs'
import { LIN, button, field, heading, holds, link, see } from '../support/steps.mjs'

const { story } = house()
/** What it takes: three to a time, four to log in, one to book. */
const TAPS = 8

story('whoever opens it for the first time has a doctor after eight taps', async ({ guest }) => {
  const page = await guest()
  let taps = 0
  const tap = async (locator) => {
    await locator.click()
    taps += 1
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
  await field(page, '手机号').fill(LIN.phone)
  await tap(button(page, '获取验证码'))
  await holds(field(page, '验证码'), /\d{6}/.exec(await page.getByText(/验证码是 \d{6}/).textContent())[0])
  await tap(page.getByRole('checkbox'))
  await tap(button(page, '登录'))
  await heading(page, '确认预约').waitFor()
  await see(page.getByText(time))
  await tap(button(page, '提交预约'))
  await heading(page, '预约详情').waitFor()
  await see(page.getByText('已预约', { exact: true }))
  assert.equal(taps, TAPS)
})

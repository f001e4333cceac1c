// What WeChat asks or tells by itself, on the built pages.
import assert from 'node:assert/strict'
import { it } from 'node:test'
import { open, platform, quiet, seen } from './phone.mjs'

const shown = async (work) => {
  await work()
  await quiet()
}

it('the privacy guide is asked about on our own sheet, and the button that agrees is the one WeChat looks for', async () => {
  const page = await open('visit/hazards')
  const told = []
  await shown(() => platform.needPrivacy((how) => told.push(how), { referrer: 'getLocation' }))
  assert.ok(page.text.includes('先看一下隐私保护指引') && page.text.includes('《邻里隐私保护指引》'), page.text)
  await page.tap('阅读')
  assert.ok(seen.calls.includes('openPrivacyContract'))
  const agree = page.button('agreePrivacyAuthorization')
  assert.equal(page.attribute(agree, 'id'), 'privacy-agree')
  await shown(() => page.fire(agree, 'agreeprivacyauthorization'))
  assert.deepEqual(told.at(-1), { event: 'agree', buttonId: 'privacy-agree' })
  page.close()
})

it('a no leaves the page as it was', async () => {
  const page = await open('visit/hazards')
  const told = []
  await shown(() => platform.needPrivacy((how) => told.push(how), { referrer: 'chooseMedia' }))
  await page.tap('暂不同意')
  assert.deepEqual(told.at(-1), { event: 'disagree' })
  assert.ok(page.text.includes('Hazard.what'))
  page.close()
})

it('a new version waits on the home page until it is wanted', async () => {
  await shown(() => platform.updateReady?.())
  const booking = await open('booking/offering', { id: '00V9P3M2G4001' })
  assert.ok(!booking.text.includes('新版本'))
  booking.close()
  const home = await open('pages/home/index')
  await shown(() => platform.updateReady())
  await home.tap('现在更新')
  assert.equal(platform.applied, 1)
  home.close()
})

it('the phone button stands beside the code by SMS, and a no says what to do instead', async () => {
  const page = await open('pages/login/index', {}, { overrides: { 'WechatOut.login': null } })
  await page.tap('我已阅读')
  await page.tap('微信登录')
  const button = page.button('getPhoneNumber')
  assert.ok(button, page.text)
  await shown(() => page.fire(button, 'getphonenumber', { errMsg: 'getPhoneNumber:fail user deny' }))
  assert.ok(page.text.includes('没有取到微信手机号'), page.text)
  assert.ok(page.text.includes('验证码'))
  page.close()
})

it('what a page is made of is told to a screen reader', async () => {
  const page = await open('booking/platform', { key: 'medical' })
  for (const role of ['heading', 'link', 'button', 'main']) assert.ok(page.roles.includes(role), `${role} is not among ${[...new Set(page.roles)]}`)
  page.close()
})

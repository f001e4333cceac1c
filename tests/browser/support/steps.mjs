// What people do on the pages, in the words they see there.
import assert from 'node:assert/strict'
import { loggedIn } from './ask.mjs'

export const LIN = { phone: '19900000001', name: '演示居民·林一' }
export const HE = { phone: '19900000002', name: '演示老人·何老' }
/** Has no verified identity yet, and reads English. */
export const NEWCOMER = { phone: '19900000003', name: '演示新居民·远二' }
/** Comes to the door, from a compound next to Lin's. */
export const CLEANER = { phone: '19900000021', name: '演示师傅·王一' }
/** Another one, elsewhere and on foot. */
export const WALKER = { phone: '19900000022', name: '演示师傅·李二' }
export const STAFF = { phone: '19900000011', name: '演示工作人员·导医一' }
export const COMMUNITY = { phone: '19900000013', name: '演示工作人员·社区三' }
export const STREET = { phone: '19900000014', name: '演示工作人员·街道四' }
/** Runs the health centre. */
export const MANAGER = { phone: '19900000016', name: '演示工作人员·主任六' }

export const DISTRICT = { phone: '19900000015', name: '演示工作人员·区级五' }

export const CLINIC = '演示社区卫生服务中心（水月寺街）'

export const heading = (page, name) => page.getByRole('heading', { name, level: 1, exact: typeof name === 'string' })
export const button = (page, name) => page.getByRole('button', { name, exact: typeof name === 'string' })
export const link = (page, name) => page.getByRole('link', { name })

/** A field by its label: the browser's own one, not the framework's frame around it. */
export const field = (page, label) => page.getByLabel(label, { exact: true }).and(page.locator('input, textarea'))

/** Until the field holds these words. */
export async function holds(locator, words) {
  const element = await locator.elementHandle()
  await element.ownerFrame().then((frame) => frame.waitForFunction(([input, value]) => input.value === value, [element, words]))
}

/** Until it is there to be seen. */
export const see = (locator) => locator.first().waitFor({ state: 'visible' })

/** Opens a page by its address, as a link from a message does. */
export async function open(page, path) {
  // Only another document is loaded afresh; the part after # alone is not.
  await page.goto('about:blank')
  await page.goto(`/#${path}`)
}

/** From the home page of somebody unknown to the greeting by name. */
export async function logIn(page, phone) {
  await button(page, '登录').click()
  await heading(page, '登录').waitFor()
  await field(page, '手机号').fill(phone)
  await button(page, '获取验证码').click()
  // A demo sends nothing: the code is shown, and filled in.
  const [code] = /\d{6}/.exec(await page.getByText(/验证码是 \d{6}/).textContent())
  await holds(field(page, '验证码'), code)
  await page.getByRole('checkbox', { name: '我已阅读并同意《隐私说明》' }).click()
  await button(page, '登录').click()
  await see(heading(page, /(好，|Good .*)演示/))
  loggedIn(page, phone)
}

/** From the home page to the days and times of one doctor at the clinic. */
export async function findDoctor(page, { kind, doctor, clinic = CLINIC }) {
  await link(page, '医疗').click()
  await heading(page, '医疗').waitFor()
  await link(page, kind).click()
  await heading(page, kind).waitFor()
  await page.getByRole('radio', { name: clinic }).click()
  await link(page, doctor).click()
  await see(page.getByRole('radiogroup', { name: '选择日期' }))
}

/** Chooses the day, then the time, both by the beginning of their names. */
export async function chooseTime(page, day, time) {
  await page.getByRole('radiogroup', { name: '选择日期' }).getByRole('radio', { name: day }).click()
  await page.getByRole('radio', { name: time }).click()
}

/** The whole way from the home page to the booking. */
export async function book(page, { kind, doctor, day, time, clinic }) {
  await findDoctor(page, { kind, doctor, clinic })
  await chooseTime(page, day, time)
  await heading(page, '确认预约').waitFor()
  await button(page, '提交预约').click()
  await heading(page, '预约详情').waitFor()
}

/** The digits told at the desk. */
export async function checkInCode(page) {
  const card = page.getByText('取号码', { exact: true }).locator('..')
  const [digits] = /\d{4,}/.exec(await card.innerText())
  return digits
}

/** From one's own page to the staff's home, and on through one of its doors. */
export async function work(page, door) {
  await tab(page, '我的')
  await link(page, /^工作台/).click()
  await heading(page, '工作台').waitFor()
  await link(page, new RegExp(`^${door}`)).click()
}

/** One of the four main pages. */
export async function tab(page, name) {
  await page.getByRole('navigation').getByRole('link', { name }).click()
}

/** Asks again and again until it is so: for what the server does by itself. */
export async function until(page, refresh, locator) {
  const deadline = Date.now() + 20_000
  for (;;) {
    await refresh()
    const there = await locator.first().waitFor({ state: 'visible', timeout: 1_000 }).then(() => true, () => false)
    if (there) return
    assert.ok(Date.now() < deadline, `${locator} did not come`)
  }
}

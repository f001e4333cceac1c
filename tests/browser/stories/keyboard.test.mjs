// Without a mouse and without a thumb.
import assert from 'node:assert/strict'
import { house } from '../support/house.mjs'
import { LIN, checkInCode, heading, see } from '../support/steps.mjs'

const { story } = house()

/** More stops than any page has. */
const STOPS = 120

/** Goes on with Tab until the thing with this name has the focus, and the focus can be seen. */
async function tabTo(page, name) {
  const passed = []
  for (let stop = 0; stop < STOPS; stop += 1) {
    await page.keyboard.press('Tab')
    const here = await page.evaluate(() => {
      const element = document.activeElement
      const words = element?.getAttribute('aria-label') ?? element?.innerText ?? ''
      const box = element?.closest('.field__box') ?? element
      return { words: words.replace(/\s+/g, ' ').trim(), outline: box ? getComputedStyle(box).outlineStyle : 'none' }
    })
    if (name.test(here.words)) {
      assert.notEqual(here.outline, 'none', `nobody sees that ${here.words} has the focus`)
      return
    }
    passed.push(here.words)
  }
  assert.fail(`Tab never came to ${name}; it passed ${passed.join(' | ')}`)
}

async function enter(page, name) {
  await tabTo(page, name)
  await page.keyboard.press('Enter')
}

story('a resident logs in and books with Tab and Enter alone', async ({ guest }) => {
  const page = await guest()
  await see(heading(page, /好$/))
  await enter(page, /^登录$/)
  await heading(page, '登录').waitFor()
  await tabTo(page, /^手机号$/)
  await page.keyboard.type(LIN.phone)
  await enter(page, /^获取验证码$/)
  await see(page.getByText(/验证码是 \d{6}/))
  await enter(page, /^我已阅读并同意/)
  await enter(page, /^登录$/)
  await see(heading(page, /好，演示/))

  await enter(page, /^医疗$/)
  await heading(page, '医疗').waitFor()
  await enter(page, /^全科门诊/)
  await heading(page, '全科门诊').waitFor()
  await enter(page, /^演示医生·陈一/)
  await see(page.getByRole('radiogroup', { name: '选择日期' }))
  await enter(page, /^明天 周二/)
  await see(page.getByRole('radio', { name: /^上午9:30/ }))
  await enter(page, /^上午9:30/)
  await heading(page, '确认预约').waitFor()
  await see(page.getByText('明天 周二 上午9:30–10:00'))
  await enter(page, /^提交预约$/)
  await heading(page, '预约详情').waitFor()
  assert.match(await checkInCode(page), /^\d{4,8}$/)

  // A question on top of the page holds the focus, and Escape leaves it without a change.
  await enter(page, /^取消$/)
  await see(page.getByRole('dialog', { name: '取消这个预约？' }))
  await enter(page, /^保留预约$/)
  await enter(page, /^取消$/)
  await see(page.getByRole('dialog', { name: '取消这个预约？' }))
  await page.keyboard.press('Escape')
  await page.getByRole('dialog').waitFor({ state: 'hidden' })
  await see(page.getByText('已预约', { exact: true }))
})

// What residents do with bookings, told once and lived on each database.
import assert from 'node:assert/strict'
import { HE, LIN, book, button, checkInCode, chooseTime, findDoctor, heading, link, logIn, see, tab, until } from '../support/steps.mjs'

const PLATFORMS = ['医疗', '养老', '就学', '治安', '帮教', '调解', '文化', '家政', '物业']

export function residents(story) {
  story('a resident logs in, books a doctor for herself, moves the booking and cancels it', async ({ guest }) => {
    const page = await guest()
    await logIn(page, LIN.phone)
    await see(page.getByText('目前没有预约'))
    for (const name of PLATFORMS) await see(link(page, name))

    await findDoctor(page, { kind: '全科门诊', doctor: '演示医生·陈一' })
    await chooseTime(page, /^明天 周二/, /^上午9:30/)
    await heading(page, '确认预约').waitFor()
    await see(page.getByText('明天 周二 上午9:30–10:00'))
    const herself = page.getByRole('radiogroup', { name: '为谁预约' }).getByRole('radio', { name: `${LIN.name}（本人）` })
    assert.equal(await herself.getAttribute('aria-checked'), 'true')
    await see(page.getByText('今天 周一 下午5:00 之前可以取消或改期'))
    await button(page, '提交预约').click()

    await heading(page, '预约详情').waitFor()
    await see(page.getByText('已预约', { exact: true }))
    await see(page.getByText('明天 周二 上午9:30–10:00'))
    assert.match(await checkInCode(page), /^\d{4,8}$/)
    await see(page.getByRole('list').getByRole('listitem'))
    const steps = await page.getByRole('listitem').count()

    await button(page, '改期').click()
    await heading(page, '改期').waitFor()
    await chooseTime(page, /^后天 周三/, /^上午10:00/)
    await see(page.getByRole('dialog', { name: '改到这个时间？' }))
    await button(page, '确认改期').click()
    await heading(page, '预约详情').waitFor()
    await see(page.getByText(/周三 上午10:00–10:30/))
    await until(page, () => button(page, '刷新').click(), page.getByRole('listitem').nth(steps))

    await button(page, '取消').click()
    await page.getByRole('dialog', { name: '取消这个预约？' }).waitFor()
    await button(page, '取消预约').click()
    await see(page.getByText('已取消', { exact: true }))
    assert.equal(await button(page, '改期').count(), 0)

    await button(page, '返回').click()
    await page.goto('/')
    await tab(page, '预约')
    await see(page.getByText('没有进行中的预约'))
    await page.getByRole('tab', { name: '已结束' }).click()
    await see(link(page, /全科门诊.*演示医生·陈一/))
  })

  story('a place that comes free goes to the one who waits in line for it', async ({ guest }) => {
    const scarce = { kind: '中医门诊', doctor: '演示医生·赵四', day: /^明天 周二/, time: /^上午9:30/ }
    const [lin, he] = [await guest({ phone: LIN.phone }), await guest({ phone: HE.phone })]
    await book(lin, scarce)

    await findDoctor(he, scarce)
    await chooseTime(he, scarce.day, /^上午9:30 已满 可候补/)
    await heading(he, '加入候补').waitFor()
    await see(he.getByText('这个时段已约满'))
    await button(he, '加入候补').click()
    await heading(he, '预约详情').waitFor()
    await see(he.getByText('第 1 位'))

    await button(lin, '取消').click()
    await button(lin, '取消预约').click()
    await see(lin.getByText('已取消', { exact: true }))

    await until(he, () => button(he, '刷新').click(), he.getByText('名额为您保留，还剩'))
    await he.goto('/')
    await see(he.getByText('接下来', { exact: true }))
    await see(button(he, '查看为您保留的名额'))
    await tab(he, /消息/)
    await link(he, /中医门诊.*查看预约/).first().click()
    await heading(he, '预约详情').waitFor()
    await button(he, '接受这个名额').click()
    await see(he.getByText('名额是您的了'))
    await see(he.getByText('已预约', { exact: true }))
    assert.match(await checkInCode(he), /^\d{4,8}$/)
  })
}

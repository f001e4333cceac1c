// A manager brings the hours of a doctor as a table from an old spreadsheet, with a slip in it.
import assert from 'node:assert/strict'
import { DESK, settled } from '../support/browser.mjs'
import { gb18030 } from '../support/gb18030.mjs'
import { house } from '../support/house.mjs'
import { LIN, MANAGER, book, button, heading, see, work } from '../support/steps.mjs'

const { story } = house()
const HEADING = '服务编号,星期,开始,结束,时段分钟,名额,生效日期'
const MORNINGS = 'shuiyuesi_gp_li,周一至周四,9:00,11:30,30,3,2026-11-24'

/** Chooses a file with the person's own window for it. */
async function choose(page, words, name, lines) {
  const [chooser] = await Promise.all([page.waitForEvent('filechooser'), button(page, words).click()])
  await chooser.setFiles({ name, mimeType: 'text/csv', buffer: gb18030(`${lines.join('\r\n')}\r\n`) })
}

story('hours come as a table: the slip is shown, nothing is written; mended it is, and the new times can be booked', async ({ guest }) => {
  const manager = await guest({ phone: MANAGER.phone, viewport: DESK })
  await work(manager, '导入和导出')
  await heading(manager, '导入和导出').waitFor()
  await settled(manager)
  await choose(manager, '选择文件', '李二-排班.csv', [HEADING, MORNINGS, 'shuiyuesi_gp_li,周六,25:00,11:30,30,8,2026-11-24'])
  await see(manager.getByText('还没有导入任何一行'))
  await see(manager.getByText(/李二-排班\.csv · gb18030 · 共 2 行/))
  const cells = manager.getByRole('table', { name: '需要改的地方' }).getByRole('cell')
  assert.deepEqual((await cells.allInnerTexts()).slice(0, 2), ['3', '开始'])

  await choose(manager, '换一个文件', '李二-排班-改.csv', [HEADING, MORNINGS, 'shuiyuesi_gp_li,周六,8:30,11:30,30,8,2026-11-24'])
  await see(manager.getByText(/2 行都没有问题/))
  await button(manager, '导入 2 行').click()
  await see(manager.getByText(/^已导入，改了 \d+ 处$/))

  // Tuesdays had afternoons only.
  const resident = await guest({ phone: LIN.phone })
  await book(resident, { kind: '全科门诊', doctor: '演示医生·李二', day: /^明天 周二/, time: /^上午9:30/ })
  await see(resident.getByText('明天 周二 上午9:30–10:00'))
})

// Stories that everybody lives in their own way: told once, in the words of whoever lives them.
import assert from 'node:assert/strict'
import { NARROW } from '../support/browser.mjs'
import { as, ask } from '../support/ask.mjs'
import { COMPOUND } from '../support/scenes.mjs'
import { CLEANER, COMMUNITY, HE, LIN, button, field, heading, link, open, see, tab, until } from '../support/steps.mjs'
import { tongue } from '../support/tongue.mjs'

/** The ways a story is lived in. */
export const WAYS = {
  usual: {},
  'at 320 px': { viewport: NARROW },
  'in large type': { large: true },
  'in English': { language: 'en' },
}

const parameter = (page, name) => new URLSearchParams(page.url().split('?')[1]).get(name)

/** Somebody whose profile says how they read, on a device that is new to them. */
async function comes(guest, { phone }, { language = 'zh', large = false, viewport } = {}) {
  const stranger = await guest({ viewport })
  const me = as(stranger, phone)
  const { person } = await me('/me')
  await me('/me', { method: 'PATCH', body: { version: person.version, language, large_type: large } })
  await stranger.close()
  const page = await guest({ phone, large, viewport })
  await see(page.locator(large ? '.app--large' : '.app:not(.app--large)'))
  return page
}

/** From the home page to a kind: in large type past the four tiles. */
async function toKind(page, say, { large }, platform, tile, kind) {
  const { items } = await ask(page, '/platforms')
  const found = items.find(({ key }) => key === platform)
  await page.getByRole('link', { name: large ? say(tile) : say.of(found.name), exact: true }).click()
  await heading(page, say.of(found.name)).waitFor()
  await link(page, new RegExp(`^${say.of(found.kinds.find(({ key }) => key === kind).name)}`)).first().click()
}

/** From the home page to the first doctor of a kind. */
async function toDoctor(page, say, way, kind) {
  await toKind(page, say, way, 'medical', 'large.doctor', kind)
  const { items: [offering] } = await ask(page, `/offerings?kind=${kind}`)
  await link(page, new RegExp(say.of(offering.provider.name))).first().click()
  return offering
}

/** A day, then a time; in large type one is asked after the other. */
async function choose(page, day, time) {
  await page.getByRole('radio', { name: day }).click()
  await page.getByRole('radio', { name: time }).click()
}

const state = (page, say, words) => see(page.getByText(say(words), { exact: true }))
const press = (page, say, words) => button(page, say(words)).click()

/** A doctor is booked, moved and cancelled. */
async function clinic(guest, way) {
  const say = tongue(way.language)
  const page = await comes(guest, HE, way)
  await toDoctor(page, say, way, 'medical.general_practice')
  await choose(page, say.tomorrow, say.early)
  await heading(page, say('confirm.title')).waitFor()
  await press(page, say, 'confirm.submit')
  await heading(page, say('order.title')).waitFor()
  await see(page.getByText(say('order.code'), { exact: true }))
  assert.match(await page.getByText(say('order.code'), { exact: true }).locator('..').innerText(), /\d{4}/)

  await press(page, say, 'order.move')
  await heading(page, say('move.title')).waitFor()
  await choose(page, say.later, say.late)
  await page.getByRole('dialog', { name: say('move.ask') }).waitFor()
  await press(page, say, 'move.submit')
  await heading(page, say('order.title')).waitFor()

  await press(page, say, 'order.cancel')
  await page.getByRole('dialog', { name: say('order.ask.cancel') }).waitFor()
  await press(page, say, 'order.ask.cancel.yes')
  await button(page, say('order.move')).waitFor({ state: 'detached' })
  assert.equal((await ask(page, `/orders/${parameter(page, 'id')}`)).state, 'cancelled')
}

/** A full time is waited for, and taken when it comes free. */
async function line(guest, way) {
  const say = tongue(way.language)
  const page = await comes(guest, HE, way)
  const lin = as(page, LIN.phone)
  const { items: [{ id: offering }] } = await ask(page, '/offerings?kind=medical.chinese_medicine')
  const place = { offering_id: offering, start: '2026-11-24T10:00:00+08:00', if_full: 'refuse', form: {} }
  const taken = await lin('/orders', { method: 'POST', body: place })

  await toDoctor(page, say, way, 'medical.chinese_medicine')
  // Large type asks first whether it is for once or for a course.
  if (way.large) await press(page, say, 'visit.next')
  await choose(page, say.tomorrow, say.late)
  await heading(page, say('confirm.title.wait')).waitFor()
  await press(page, say, 'confirm.submit.wait')
  await heading(page, say('order.title')).waitFor()
  await see(page.getByText(say('order.line.position').replace('{position}', '1')))
  await lin(`/orders/${taken.id}/cancel`, { method: 'POST', body: { version: taken.version } })
  await until(page, () => press(page, say, 'action.refresh'), button(page, say('order.accept')))
  await press(page, say, 'order.accept')
  await see(page.getByText(say('order.code'), { exact: true }))
  // For whoever lives it next.
  const mine = await ask(page, `/orders/${parameter(page, 'id')}`)
  await ask(page, `/orders/${mine.id}/cancel`, { method: 'POST', body: { version: mine.version } })
}

/** A cleaner is asked for, accepts in a second browser, begins by the code and is done; the first agrees and rates. */
async function cleaner(guest, way) {
  const say = tongue(way.language)
  const worker = await comes(guest, CLEANER, way)
  await ask(worker, '/work/duty', { method: 'POST', body: { duty: 'on' } })
  await open(worker, '/work/index')
  await heading(worker, say('work.title')).waitFor()
  const page = await comes(guest, HE, way)
  await toKind(page, say, way, 'housekeeping', 'large.help', 'housekeeping.cleaning')
  const question = (words) => page.getByRole('heading', { level: 2, name: say(words) }).waitFor()
  const next = () => press(page, say, 'visit.next')
  await question('visit.q.where')
  const { items } = await ask(page, '/compounds')
  await page.getByRole('radio', { name: say.of(items.find(({ name }) => name.zh === COMPOUND).name) }).click()
  await field(page, say('place.detail')).fill('3-2-501')
  await next()
  await question('visit.q.what')
  await next()
  await question('visit.q.when')
  await page.getByRole('radio', { name: new RegExp(`^${say('visit.when.now')}`) }).click()
  await next()
  await question('visit.q.pictures')
  await press(page, say, 'visit.skip')
  await question('visit.q.wishes')
  await next()
  await question('visit.q.confirm')
  await press(page, say, 'visit.submit')
  const code = page.getByText(say('visit.code'), { exact: true })

  await press(worker, say, 'offer.accept')
  await code.waitFor()
  const [digits] = /\d{4}/.exec(await code.locator('..').innerText())
  await press(worker, say, 'job.do.on_the_way')
  await press(worker, say, 'job.do.arrived')
  await press(worker, say, 'job.do.start')
  const start = worker.getByRole('dialog', { name: say('start.title') })
  await field(start, say('start.code')).fill(digits)
  await button(start, say('job.do.start')).click()
  await press(worker, say, 'job.do.done')
  await button(worker.getByRole('dialog', { name: say('done.title') }), say('done.yes')).click()
  await state(worker, say, 'job.is.done')

  await press(page, say, 'order.agree')
  await press(page, say, 'rate.open')
  await heading(page, say('rate.title')).waitFor()
  await page.getByRole('radio').first().click()
  // Large type asks one thing after the other.
  if (way.large) await until(page, () => press(page, say, 'visit.next'), button(page, say('rate.submit')))
  await press(page, say, 'rate.submit')
  await see(page.getByText(say('rate.mine')))
}

/** A complaint is made, taken up by staff in a second browser, answered after a call, and read. */
async function complaint(guest, way) {
  const say = tongue(way.language)
  const page = await comes(guest, LIN, way)
  const desk = await comes(guest, COMMUNITY, way)
  const words = `小区广场的音响晚上十点还在响 (${Object.keys(way).join()})`
  await tab(page, new RegExp(`^${say('tab.me')}$`))
  await link(page, new RegExp(`^${say('matter.title')}`)).click()
  await press(page, say, 'matter.complaint')
  await heading(page, say('matter.new')).waitFor()
  await press(page, say, 'matter.submit.complaint')
  await see(page.getByText(say('form.required')))
  await field(page, say('matter.words.complaint')).fill(words)
  await press(page, say, 'matter.submit.complaint')
  await see(page.getByText(words))

  await open(desk, '/watch/matters')
  await desk.getByRole('button').filter({ hasText: words }).click()
  await heading(desk, say('watchmatter.one')).waitFor()
  // Who has the fewest already is asked by itself.
  const take = button(desk, say('watchmatter.take'))
  await see(take.or(desk.getByText('199 0000 0001')))
  if (await take.isVisible()) await take.click()
  await see(desk.getByText('199 0000 0001'))
  await press(desk, say, 'watchmatter.contacted')
  await press(desk, say, 'watchmatter.contacted.yes')
  await see(desk.getByText(say('watchmatter.words.first')))
  await field(desk, say('watchmatter.contacted.field')).fill('已电话道歉，今晚去看')
  await press(desk, say, 'watchmatter.contacted.yes')
  await press(desk, say, 'watchmatter.answer')
  await field(desk, say('watchmatter.answer.field')).fill('已和领舞的人约定，晚上九点关音响')
  await press(desk, say, 'watchmatter.answer.yes')
  await see(desk.getByText(say('watchmatter.did.answer')))
  await page.reload()
  await see(page.getByText('已和领舞的人约定，晚上九点关音响'))
}

export const STORIES = {
  'a doctor is booked, moved and cancelled': clinic,
  'a full time is waited for and taken': line,
  'a cleaner is asked for, comes and is rated': cleaner,
  'a complaint is made, taken up and answered': complaint,
}

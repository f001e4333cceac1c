// Every page by its address, with a booking to look at.
import { settled } from './browser.mjs'
import { book, open } from './steps.mjs'

const parameter = (page, name) => new URLSearchParams(page.url().split('?')[1]).get(name)

/** Books something as a resident on her home page and answers with the pages there are for her. */
export async function residentPages(page) {
  await book(page, { kind: '全科门诊', doctor: '演示医生·陈一', day: /^明天 周二/, time: /^上午9:30/ })
  const order = parameter(page, 'id')
  const { offering_id: offering, start } = await ask(page, `/orders/${order}`)
  const later = new Date(Date.parse(start) + 86_400_000).toISOString()
  return [
    { name: 'home', path: '/pages/home/index', main: true },
    { name: 'platform', path: '/booking/platform?key=medical', main: true },
    { name: 'platform-phone', path: '/booking/platform?key=mediation' },
    { name: 'offerings', path: '/booking/offerings?kind=medical.general_practice', main: true },
    { name: 'offering', path: `/booking/offering?id=${offering}`, main: true },
    { name: 'confirm', path: `/booking/confirm?offering=${offering}&start=${encodeURIComponent(later)}`, main: true },
    { name: 'order', path: `/booking/order?id=${order}`, main: true },
    { name: 'move', path: `/booking/move?id=${order}` },
    { name: 'orders', path: '/pages/orders/index', main: true },
    { name: 'inbox', path: '/pages/inbox/index', main: true },
    { name: 'me', path: '/pages/me/index', main: true },
    { name: 'profile', path: '/account/profile' },
    { name: 'community', path: '/account/community' },
    { name: 'household', path: '/account/household' },
    { name: 'identity', path: '/account/identity' },
    { name: 'display', path: '/account/display' },
    { name: 'sessions', path: '/account/sessions' },
    { name: 'privacy', path: '/account/privacy' },
    { name: 'data', path: '/account/data' },
  ]
}

/** What somebody unknown sees. */
export const guestPages = [
  { name: 'guest-home', path: '/pages/home/index', main: true },
  { name: 'login', path: '/pages/login/index', main: true },
]

/** The pages of staff. */
export const deskPages = [
  { name: 'desk-home', path: '/desk/home', main: true },
  { name: 'desk', path: '/desk/index', main: true },
  { name: 'desk-book', path: '/desk/book' },
  { name: 'desk-walkin', path: '/desk/book?walkin=1' },
  { name: 'desk-closure', path: '/desk/closure' },
  { name: 'desk-verify', path: '/desk/verify' },
  { name: 'desk-calls', path: '/desk/calls' },
  { name: 'desk-requests', path: '/desk/requests', main: true },
  { name: 'desk-overview', path: '/desk/overview', main: true },
  { name: 'desk-rooms', path: '/desk/rooms' },
  { name: 'desk-care', path: '/desk/care' },
  { name: 'desk-panel', path: '/desk/panel' },
  { name: 'desk-courses', path: '/desk/courses' },
  { name: 'desk-announcements', path: '/desk/announcements', main: true },
  { name: 'events', path: '/events/index', main: true },
  { name: 'event-new', path: '/events/new' },
  { name: 'event-programme', path: '/events/programme', main: true },
  { name: 'manage', path: '/manage/index', main: true },
  { name: 'manage-people', path: '/manage/people' },
  { name: 'manage-imports', path: '/manage/imports', main: true },
]

/** Asks the server as the person of this page. */
export function ask(page, path, { method = 'GET', body } = {}) {
  return page.evaluate(
    async ([to, verb, content]) => {
      const kept = localStorage.getItem('linli.token')
      const token = kept.startsWith('{') ? JSON.parse(kept).data : kept
      const headers = { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', 'Idempotency-Key': crypto.randomUUID() }
      const answer = await fetch(`api${to}`, { method: verb, headers, ...(content && { body: JSON.stringify(content) }) })
      const told = await answer.json()
      if (!answer.ok) throw new Error(`${verb} ${to}: ${JSON.stringify(told)}`)
      return told
    },
    [path, method, body],
  )
}

/** The pages about one event and one service, found as the person of this page. */
export async function workPages(page) {
  const [events, { items: organisations }] = [await ask(page, '/desk/sessions?limit=1'), await ask(page, '/manage/organisations')]
  const event = events.items[0].id
  const { items: offerings } = await ask(page, `/manage/offerings?organisation=${organisations[0].id}`)
  const offering = offerings[0].offering.id
  return [
    { name: 'event', path: `/events/event?id=${event}` },
    { name: 'event-roster', path: `/events/roster?id=${event}`, main: true },
    { name: 'manage-offering', path: `/manage/offering?id=${offering}`, main: true },
    { name: 'manage-chosen', path: `/manage/index?organisation=${organisations[0].id}&id=${offering}` },
    { name: 'manage-new', path: `/manage/new?organisation=${organisations[0].id}` },
  ]
}

/** Opens a page and waits until nothing is on its way any more. */
export async function visit(page, path) {
  await open(page, path)
  await page.getByRole('heading', { level: 1 }).waitFor()
  await settled(page)
}

/** Chooses language and type size on their page, and waits until the profile knows. */
export async function prefer(page, { language = '中文', large = false } = {}) {
  await visit(page, '/account/display')
  const wishes = [
    [/^(语言|Language)$/, language],
    [/^(字号|Type size)$/, large ? /^(大字|Large)/ : /^(标准|Normal)/],
  ]
  for (const [group, choice] of wishes) {
    const radio = page.getByRole('radiogroup', { name: group }).getByRole('radio', { name: choice })
    if ((await radio.getAttribute('aria-checked')) === 'true') continue
    const kept = page.waitForResponse((answer) => answer.request().method() === 'PATCH')
    await radio.click()
    await kept
  }
}

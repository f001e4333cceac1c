// Every page by its address, with a booking to look at.
import { settled } from './browser.mjs'
import { book, open } from './steps.mjs'

const parameter = (page, name) => new URLSearchParams(page.url().split('?')[1]).get(name)

/** Books something as a resident on her home page and answers with the pages there are for her. */
export async function residentPages(page) {
  await book(page, { kind: '全科门诊', doctor: '演示医生·陈一', day: /^明天 周二/, time: /^上午9:30/ })
  const order = parameter(page, 'id')
  const { offering_id: offering, start } = await ask(page, `/orders/${order}`)
  const found = await places(page)
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
    { name: 'channels', path: '/account/channels' },
    { name: 'calendar', path: '/account/calendar' },
    { name: 'wishes', path: '/account/wishes' },
    { name: 'search', path: '/find/search', main: true },
    { name: 'found', path: `/find/search?q=${encodeURIComponent('书法')}`, main: true },
    { name: 'favourites', path: '/find/favourites' },
    { name: 'place', path: `/find/place?what=place&id=${found.room.place.id}` },
    { name: 'organisation', path: `/find/place?what=organisation&id=${found.room.organisation.id}` },
    { name: 'programme', path: '/programme/week', main: true },
    { name: 'announcements', path: `/programme/announcements?area=${found.room.place.area_code}` },
    { name: 'sessions', path: '/programme/sessions?platform=education', main: true },
    { name: 'session', path: `/programme/session?id=${found.term.id}`, main: true },
    { name: 'confirm-session', path: `/booking/confirm?offering=${found.term.offering_id}&session=${found.term.id}` },
    { name: 'order-session', path: `/booking/order?id=${found.seat}`, main: true },
    { name: 'room', path: `/booking/room?id=${found.room.id}&day=${found.day}`, main: true },
    { name: 'weekly', path: `/booking/weekly?offering=${found.room.id}&day=${found.day}&from=15:00&to=16:00`, main: true },
    { name: 'vaccination', path: `/booking/offering?id=${found.vaccination.id}&course=medical.vaccination/hpv9`, main: true },
    { name: 'courses', path: '/care/courses', main: true },
    { name: 'contracts', path: '/care/contracts' },
    { name: 'doctors', path: '/care/doctors?kind=medical.family_doctor' },
    { name: 'sign', path: `/care/sign?offering=${found.doctor.id}` },
    ...(await visitPages(page)),
    ...applyPages,
  ]
}

/** Somebody who comes, and what belongs to it. */
export async function visitPages(page) {
  const [{ items: [compound] }, { items: kept }] = [await ask(page, '/compounds'), await ask(page, '/me/addresses')]
  const door = { compound_id: compound.id, detail: '3-2-501' }
  if (kept.length === 0) await ask(page, '/me/addresses', { method: 'POST', body: door })
  const { id } = await ask(page, '/visits', { method: 'POST', body: { kind: 'housekeeping.cleaning', address: door, when: { now: true }, form: {} } })
  const { id: matter } = await ask(page, '/matters', { method: 'POST', body: { form: 'praise', words: '10/10' } })
  return [
    { name: 'visit-ask', path: '/visit/ask?kind=housekeeping.cleaning', main: true },
    { name: 'visit-report', path: '/visit/ask?kind=security.hazard', main: true },
    { name: 'visit', path: `/visit/order?id=${id}`, main: true },
    { name: 'visit-later', path: `/visit/later?id=${id}` },
    { name: 'addresses', path: '/visit/addresses' },
    { name: 'address', path: '/visit/address', main: true },
    { name: 'hazards', path: '/visit/hazards', main: true },
    { name: 'matters', path: '/visit/matters' },
    { name: 'matter', path: `/visit/matter?id=${matter}` },
    { name: 'matter-new', path: `/visit/say?order=${id}`, main: true },
    { name: 'refused', path: '/visit/refused' },
  ]
}

/** What a resident sees who wants to become a provider. */
export const applyPages = [
  { name: 'apply', path: '/work/file', main: true },
  { name: 'apply-who', path: '/work/file?step=who', main: true },
]

/** What belongs to a provider beside the jobs; with a paper that is wanted and days off to look at. */
export async function providerPages(page) {
  const { services } = await ask(page, '/work/file')
  const more = [...services.map(({ kind, skills }) => ({ kind, skills })), { kind: 'housekeeping.nanny', skills: [] }]
  const asked = more.filter(({ kind }, index) => more.findIndex((one) => one.kind === kind) === index)
  await ask(page, '/work/file', { method: 'PUT', body: { services: asked } })
  await ask(page, '/work/days-off', { method: 'PUT', body: { days: [{ day: '2026-11-28' }, { day: '2026-11-29' }] } })
  return [
    { name: 'file', path: '/work/file', main: true },
    { name: 'file-services', path: '/work/file?step=services', main: true },
    { name: 'file-prices', path: '/work/file?step=prices' },
    { name: 'file-home', path: '/work/file?step=home' },
    { name: 'file-areas', path: '/work/file?step=areas' },
    { name: 'file-hours', path: '/work/file?step=hours', main: true },
    { name: 'file-about', path: '/work/file?step=about' },
    { name: 'papers', path: '/work/papers', main: true },
    { name: 'daysoff', path: '/work/daysoff', main: true },
    { name: 'avoid', path: '/work/refused' },
    { name: 'earnings', path: '/work/earnings', main: true },
    { name: 'ratings', path: '/work/ratings', main: true },
  ]
}

/** Something of every shape to look at, with a seat in a term. */
async function places(page) {
  const first = async (kind) => (await ask(page, `/offerings?kind=${kind}`)).items[0]
  const [room, vaccination, doctor] = [await first('culture.activity_room'), await first('medical.vaccination'), await first('medical.family_doctor')]
  const { items } = await ask(page, '/sessions?platform=education&form=term')
  const open = items.filter((one) => one.bookable && !one.age)
  const [seated, term] = [open[0], open[1]]
  const { id: seat } = await ask(page, '/orders', { method: 'POST', body: { offering_id: seated.offering_id, session_id: seated.id, if_full: 'refuse', form: {} } })
  return { room, vaccination, doctor, term, seat, day: seated.next.start.slice(0, 10) }
}

/** What somebody unknown sees. */
export const guestPages = [
  { name: 'guest-home', path: '/pages/home/index', main: true },
  { name: 'login', path: '/pages/login/index', main: true },
  { name: 'guest-search', path: '/find/search', main: true },
  { name: 'guest-found', path: '/find/search?q=wudao' },
  { name: 'guest-programme', path: '/programme/week' },
  { name: 'guest-sessions', path: '/programme/sessions', main: true },
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
  { name: 'watch-visits', path: '/watch/visits?list=open', main: true },
  { name: 'watch-help', path: '/watch/help' },
  { name: 'watch-matters', path: '/watch/matters', main: true },
  { name: 'watch-ratings', path: '/watch/ratings' },
  { name: 'watch-workers', path: '/watch/workers?list=verified', main: true },
  { name: 'watch-figures', path: '/watch/figures', main: true },
  { name: 'watch-coverage', path: '/watch/coverage', main: true },
  { name: 'watch-statements', path: '/watch/statements' },
  { name: 'visit-for', path: '/visit/forsomebody' },
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
      // What is only done is answered with nothing.
      const told = JSON.parse((await answer.text()) || 'null')
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
    ...(await watchPages(page)),
  ]
}

/** What staff look at one by one: a visit they have asked for, a provider's file, and a matter where there is one. */
export async function watchPages(page) {
  const [{ items: [person] }, { items: [compound] }] = [await ask(page, '/desk/people?phone=19900000002'), await ask(page, `/compounds?q=${encodeURIComponent('大化北院')}`)]
  const visit = { kind: 'housekeeping.cleaning', address: { compound_id: compound.id, detail: '3-2-501' }, when: { now: true }, form: {} }
  const { id } = await ask(page, '/desk/visits', { method: 'POST', body: { person_id: person.id, visit } })
  const [{ items: workers }, { items: matters }] = [await ask(page, '/desk/workers?state=verified'), await ask(page, '/desk/matters')]
  return [
    { name: 'watch-visit', path: `/watch/visit?id=${id}`, main: true },
    { name: 'watch-visit-chosen', path: `/watch/visits?list=open&id=${id}` },
    { name: 'watch-worker', path: `/watch/worker?id=${workers[0].id}`, main: true },
    ...matters.slice(0, 1).map((matter) => ({ name: 'watch-matter', path: `/watch/matter?id=${matter.id}` })),
  ]
}

/** The day of somebody who comes, with a job that is accepted and, where it is found in time, one that is offered. */
export async function dayPages(page, resident) {
  await ask(page, '/work/duty', { method: 'POST', body: { duty: 'on' } })
  const { items: compounds } = await ask(resident, '/compounds')
  const door = { compound_id: compounds.find(({ name }) => name.zh.endsWith('大化北院')).id, detail: '3-2-501' }
  const from = '2026-11-24T09:00:00+08:00'
  const when = [{ now: true }, { from, until: '2026-11-24T12:00:00+08:00' }]
  const orders = []
  for (const one of when) orders.push((await ask(resident, '/visits', { method: 'POST', body: { kind: 'housekeeping.cleaning', address: door, when: one, form: {} } })).id)
  let job
  for (let turn = 0; turn < 40 && !job; turn += 1) {
    const offer = (await ask(page, '/work/offers')).items.find(({ order_id: id }) => id === orders[0])
    if (offer) job = await ask(page, `/work/offers/${offer.id}/accept`, { method: 'POST' })
    else await new Promise((resolve) => setTimeout(resolve, 250))
  }
  return [
    { name: 'work', path: '/work/index', main: true },
    { name: 'work-board', path: '/work/board' },
    ...(job ? [{ name: 'work-job', path: `/work/job?id=${job.order_id}`, main: true }] : []),
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

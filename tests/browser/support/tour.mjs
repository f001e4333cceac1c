// Every page by its address, with something to look at on each of them. This is the only list of pages: one that is missing here
// is named by `unseen`. An `act` is done on the page first; `ready` is waited for; `spoken` says that it shows sentences of the server,
// which come in the language the page was opened in.
import { readFile } from 'node:fs/promises'
import { as, ask } from './ask.mjs'
import { attended, comingVisit, door, doneVisit, report, scarce, sendWorker, trouble, visitNow } from './scenes.mjs'
import { CLEANER, HE, LIN, STREET, button, field, link, see } from './steps.mjs'

export { ask }
export { visit } from './modes.mjs'

const registered = new URL('../../../miniapp/src/pages.json', import.meta.url)

/** The addresses of the mini-program that none of these pages has. */
export async function unseen(pages) {
  const words = (await readFile(registered, 'utf8')).replace(/^\s*\/\/.*$/gm, '').replace(/,(\s*[\]}])/g, '$1')
  const { pages: main, subPackages } = JSON.parse(words)
  const all = [...main.map(({ path }) => `/${path}`), ...subPackages.flatMap(({ root, pages: parts }) => parts.map(({ path }) => `/${root}/${path}`))]
  const seen = new Set(pages.map(({ path }) => path.split('?')[0]))
  return all.filter((address) => !seen.has(address))
}

/** A resident's pages, with something booked of every shape. */
export async function residentPages(page) {
  const [order, full] = [await clinic(page), await scarce(page)]
  const { offering_id: offering, start } = await ask(page, `/orders/${order}`)
  const found = await places(page)
  const later = new Date(Date.parse(start) + 86_400_000).toISOString()
  return [
    { name: 'home', path: '/pages/home/index' },
    { name: 'platform', path: '/booking/platform?key=medical' },
    { name: 'platform-phone', path: '/booking/platform?key=mediation' },
    { name: 'offerings', path: '/booking/offerings?kind=medical.general_practice' },
    { name: 'offering', path: `/booking/offering?id=${offering}` },
    { name: 'confirm', path: `/booking/confirm?offering=${offering}&start=${encodeURIComponent(later)}` },
    { name: 'order', path: `/booking/order?id=${order}` },
    { name: 'move', path: `/booking/move?id=${order}` },
    { name: 'full', path: `/booking/offering?id=${full.offering}` },
    { name: 'waiting', path: `/booking/confirm?offering=${full.offering}&start=${encodeURIComponent(full.start)}&wait=1` },
    { name: 'orders', path: '/pages/orders/index' },
    { name: 'inbox', path: '/pages/inbox/index' },
    { name: 'me', path: '/pages/me/index' },
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
    { name: 'search', path: '/find/search' },
    { name: 'found', path: `/find/search?q=${encodeURIComponent('书法')}` },
    { name: 'favourites', path: '/find/favourites' },
    { name: 'place', path: `/find/place?what=place&id=${found.room.place.id}` },
    { name: 'organisation', path: `/find/place?what=organisation&id=${found.room.organisation.id}` },
    { name: 'programme', path: '/programme/week' },
    { name: 'announcements', path: `/programme/announcements?area=${found.room.place.area_code}` },
    { name: 'classes', path: '/programme/sessions?platform=education' },
    { name: 'session', path: `/programme/session?id=${found.term.id}` },
    { name: 'confirm-session', path: `/booking/confirm?offering=${found.term.offering_id}&session=${found.term.id}` },
    { name: 'order-session', path: `/booking/order?id=${found.seat}` },
    { name: 'cancel', path: `/booking/order?id=${order}`, act: cancelAsked },
    { name: 'room', path: `/booking/room?id=${found.room.id}&day=${found.day}` },
    { name: 'room-chosen', path: `/booking/room?id=${found.room.id}&day=${found.day}`, act: roomChosen },
    { name: 'weekly', path: `/booking/weekly?offering=${found.room.id}&day=${found.day}&from=15:00&to=16:00` },
    { name: 'vaccination', path: `/booking/offering?id=${found.vaccination.id}&course=medical.vaccination/hpv9` },
    { name: 'courses', path: '/care/courses' },
    { name: 'contracts', path: '/care/contracts' },
    { name: 'doctors', path: '/care/doctors?kind=medical.family_doctor' },
    { name: 'sign', path: `/care/sign?offering=${found.doctor.id}` },
    { name: 'check', path: '/programme/check' },
    { name: 'more', path: '/elder/more' },
    { name: 'call', path: '/elder/call' },
    ...(await visitPages(page)),
    ...applyPages,
  ]
}

/** The question before a booking is cancelled. */
async function cancelAsked(page) {
  await button(page, '取消').click()
  await see(page.getByRole('dialog'))
}

async function roomChosen(page) {
  // By the keyboard: what a finger has just pressed stays faint for a moment.
  await page.getByRole('radio', { name: / 空$/ }).first().press('Enter')
  await page.getByRole('radio', { name: /^到/ }).first().press('Enter')
}

/** A doctor tomorrow morning. */
async function clinic(page) {
  const { items: [offering] } = await ask(page, '/offerings?kind=medical.general_practice')
  const body = { offering_id: offering.id, start: '2026-11-24T09:30:00+08:00', if_full: 'refuse', form: {} }
  return (await ask(page, '/orders', { method: 'POST', body })).id
}

/** Somebody who comes, and what belongs to it. */
export async function visitPages(page) {
  const me = (path, options) => ask(page, path, options)
  const { items: kept } = await me('/me/addresses')
  if (kept.length === 0) await me('/me/addresses', { method: 'POST', body: await door(page) })
  const done = await doneVisit(page, me)
  const [coming, looking, hazard] = [await comingVisit(page, me), await visitNow(page, me), await report(page, me)]
  const { id: matter } = await me('/matters', { method: 'POST', body: { form: 'praise', words: '10/10' } })
  return [
    { name: 'visit-ask', path: '/visit/ask?kind=housekeeping.cleaning' },
    { name: 'visit-report', path: '/visit/ask?kind=security.hazard' },
    { name: 'visit-looking', path: `/visit/order?id=${looking}` },
    { name: 'visit', path: `/visit/order?id=${coming}` },
    { name: 'visit-done', path: `/visit/order?id=${done.order}` },
    { name: 'rate', path: `/visit/rate?id=${done.order}` },
    { name: 'worker', path: `/visit/worker?id=${done.worker}` },
    { name: 'visit-later', path: `/visit/later?id=${looking}` },
    { name: 'addresses', path: '/visit/addresses' },
    { name: 'address', path: '/visit/address' },
    { name: 'hazards', path: '/visit/hazards' },
    { name: 'hazard', path: `/visit/hazard?id=${hazard}` },
    { name: 'matters', path: '/visit/matters' },
    { name: 'matter', path: `/visit/matter?id=${matter}` },
    { name: 'matter-new', path: `/visit/say?order=${done.order}` },
    { name: 'refused', path: '/visit/refused' },
  ]
}

/** What is there only when a minute has passed: to be begun early, and `ready` to be waited for. */
export async function laterPages(page) {
  const { order, earned } = await attended(page)
  return [{ name: 'certificate', path: `/programme/certificate?id=${order}`, ready: earned }]
}

/** What a resident sees who wants to become a provider. */
export const applyPages = [
  { name: 'apply', path: '/work/file' },
  { name: 'apply-who', path: '/work/file?step=who' },
]

/** What belongs to a provider beside the jobs; with a paper that is wanted and days off to look at. */
export async function providerPages(page) {
  const { services } = await ask(page, '/work/file')
  const more = [...services.map(({ kind, skills }) => ({ kind, skills })), { kind: 'housekeeping.nanny', skills: [] }]
  const asked = more.filter(({ kind }, index) => more.findIndex((one) => one.kind === kind) === index)
  await ask(page, '/work/file', { method: 'PUT', body: { services: asked } })
  await ask(page, '/work/days-off', { method: 'PUT', body: { days: [{ day: '2026-11-28' }, { day: '2026-11-29' }] } })
  return [
    { name: 'file', path: '/work/file' },
    { name: 'file-services', path: '/work/file?step=services' },
    { name: 'file-prices', path: '/work/file?step=prices' },
    { name: 'file-home', path: '/work/file?step=home' },
    { name: 'file-areas', path: '/work/file?step=areas' },
    { name: 'file-hours', path: '/work/file?step=hours' },
    { name: 'file-about', path: '/work/file?step=about' },
    { name: 'papers', path: '/work/papers' },
    { name: 'daysoff', path: '/work/daysoff' },
    { name: 'avoid', path: '/work/refused' },
    { name: 'earnings', path: '/work/earnings' },
    { name: 'ratings', path: '/work/ratings' },
  ]
}

/** Something of every shape to look at, with a seat in a term. */
async function places(page) {
  const first = async (kind) => (await ask(page, `/offerings?kind=${kind}`)).items[0]
  const [room, vaccination, doctor] = [await first('culture.activity_room'), await first('medical.vaccination'), await first('medical.family_doctor')]
  const { items } = await ask(page, '/sessions?platform=education&form=term')
  const open = items.filter((one) => one.bookable && !one.age && one.next.start > '2026-11-24')
  const [seated, term] = [open[0], open[1]]
  const { id: seat } = await ask(page, '/orders', { method: 'POST', body: { offering_id: seated.offering_id, session_id: seated.id, if_full: 'refuse', form: {} } })
  return { room, vaccination, doctor, term, seat, day: seated.next.start.slice(0, 10) }
}

/** An elder's home-care file, with something in it, looked into once. */
export async function carePages(page) {
  const me = (path, options) => ask(page, path, options)
  await me('/me/care-file', { method: 'POST' })
  const contact = { name: LIN.name, relation: 'L', phone: LIN.phone, hours: '18:00 – 21:00' }
  const key = { name: STREET.name, phone: STREET.phone, note: '3-2-502' }
  await me('/me/care-file/contacts', { method: 'PUT', body: { version: 1, contacts: { contacts: [contact, { ...contact, hours: '' }], key_holder: key, wishes: '7:00 – 21:00' } } })
  const health = { allergies: ['peanuts', 'milk'], other_allergies: [], refuses: ['pork'], texture: 'soft', most_salt_mg: 2000, low_sugar: true, halal: false, vegetarian: false }
  await me('/me/care-file/health', { method: 'PUT', body: { version: 2, health: { ...health, conditions: ['I10'], medicines: ['C09AA02'], doctor: key, mobility: '' } } })
  const { person } = await me('/me')
  await as(page, STREET.phone)(`/desk/people/${person.id}/care-file/read`, { method: 'POST', body: { part: 'contacts', reason: 'A1' } })
  await as(page, STREET.phone)(`/desk/people/${person.id}/card`, { method: 'POST' })
  return [
    { name: 'me-elder', path: '/pages/me/index' },
    { name: 'care-file', path: '/homecare/file' },
    { name: 'care-contacts', path: '/homecare/contacts' },
    { name: 'care-health', path: '/homecare/health' },
    { name: 'care-openings', path: '/homecare/openings' },
  ]
}

/** The elder found at the desk by the number on the phone. */
async function elderFound(page) {
  await field(page, '手机号').fill(HE.phone)
  await button(page, '查找').click()
  await link(page, new RegExp(HE.name)).click()
}

/** The card they have. */
async function cardShown(page) {
  await elderFound(page)
  await button(page, '打印').waitFor()
}

/** The part of health of their file, open. */
async function healthOpened(page) {
  await elderFound(page)
  await page.getByRole('radio', { name: /^健康与饮食/ }).press('Enter')
  await field(page, '为什么要看').fill('A1')
  await button(page, '打开这一部分').press('Enter')
  await button(page, '登记能力评估').waitFor()
}

/** What somebody unknown sees. */
export const guestPages = [
  { name: 'guest-home', path: '/pages/home/index' },
  { name: 'login', path: '/pages/login/index' },
  { name: 'guest-search', path: '/find/search' },
  { name: 'guest-found', path: '/find/search?q=wudao' },
  { name: 'guest-programme', path: '/programme/week' },
  { name: 'guest-sessions', path: '/programme/sessions' },
]

/** The pages of staff. */
export const deskPages = [
  { name: 'desk-home', path: '/desk/home' },
  { name: 'desk', path: '/desk/index' },
  { name: 'desk-book', path: '/desk/book' },
  { name: 'desk-walkin', path: '/desk/book?walkin=1' },
  { name: 'desk-closure', path: '/desk/closure' },
  { name: 'desk-verify', path: '/desk/verify' },
  { name: 'desk-calls', path: '/desk/calls' },
  { name: 'desk-requests', path: '/desk/requests' },
  { name: 'desk-overview', path: '/desk/overview' },
  { name: 'desk-rooms', path: '/desk/rooms' },
  { name: 'desk-care', path: '/desk/care' },
  { name: 'desk-panel', path: '/desk/panel' },
  { name: 'desk-courses', path: '/desk/courses' },
  { name: 'desk-announcements', path: '/desk/announcements' },
  { name: 'care-desk', path: '/homecare/desk', act: healthOpened },
  { name: 'care-assess', path: '/homecare/assess', act: elderFound },
  { name: 'card', path: '/homecare/card', act: cardShown },
  { name: 'events', path: '/events/index' },
  { name: 'event-new', path: '/events/new' },
  { name: 'event-programme', path: '/events/programme' },
  { name: 'watch-visits', path: '/watch/visits?list=open' },
  { name: 'watch-help', path: '/watch/help' },
  { name: 'watch-matters', path: '/watch/matters' },
  { name: 'watch-ratings', path: '/watch/ratings' },
  { name: 'watch-workers', path: '/watch/workers?list=verified' },
  { name: 'watch-figures', path: '/watch/figures' },
  { name: 'watch-coverage', path: '/watch/coverage' },
  { name: 'watch-statements', path: '/watch/statements' },
  { name: 'visit-for', path: '/visit/forsomebody' },
  { name: 'manage', path: '/manage/index' },
  { name: 'manage-people', path: '/manage/people' },
  { name: 'manage-imports', path: '/manage/imports' },
]

/** The pages about one event and one service, found as the person of this page. */
export async function workPages(page) {
  const [events, { items: organisations }] = [await ask(page, '/desk/sessions?limit=1'), await ask(page, '/manage/organisations')]
  const event = events.items[0].id
  const { items: offerings } = await ask(page, `/manage/offerings?organisation=${organisations[0].id}`)
  const offering = offerings[0].offering.id
  return [
    { name: 'event', path: `/events/event?id=${event}` },
    { name: 'event-roster', path: `/events/roster?id=${event}` },
    { name: 'manage-offering', path: `/manage/offering?id=${offering}` },
    { name: 'manage-chosen', path: `/manage/index?organisation=${organisations[0].id}&id=${offering}` },
    { name: 'manage-new', path: `/manage/new?organisation=${organisations[0].id}` },
    ...(await watchPages(page)),
  ]
}

/** What staff look at one by one: a visit they have asked for, a provider's file, and a complaint. */
export async function watchPages(page) {
  const [{ items: [person] }, matter] = [await ask(page, `/desk/people?phone=${HE.phone}`), await trouble(page)]
  const visit = { kind: 'housekeeping.cleaning', address: await door(page), when: { now: true }, form: {} }
  const { id } = await ask(page, '/desk/visits', { method: 'POST', body: { person_id: person.id, visit } })
  const { items: workers } = await ask(page, '/desk/workers?state=verified')
  return [
    { name: 'watch-visit', path: `/watch/visit?id=${id}`, spoken: true },
    { name: 'watch-visit-chosen', path: `/watch/visits?list=open&id=${id}` },
    { name: 'watch-worker', path: `/watch/worker?id=${workers[0].id}` },
    { name: 'watch-matter', path: `/watch/matter?id=${matter}` },
  ]
}

/** The day of somebody who comes, with a job they are sent to and one they are offered. */
export async function dayPages(page) {
  const resident = as(page, HE.phone)
  await ask(page, '/work/duty', { method: 'POST', body: { duty: 'on' } })
  const order = await visitNow(page, resident)
  await sendWorker(page, resident, order, CLEANER)
  await visitNow(page, resident, { when: { from: '2026-11-24T09:00:00+08:00', until: '2026-11-24T12:00:00+08:00' } })
  return [
    { name: 'work', path: '/work/index' },
    { name: 'work-board', path: '/work/board' },
    { name: 'work-job', path: `/work/job?id=${order}` },
  ]
}

/**
 * Everybody with their pages, for whoever goes through all of them. What belongs to one person is brought about when it is their
 * turn, as the person of the page they are given.
 */
export const everybody = [
  { who: 'guest', pages: async () => guestPages },
  { who: 'resident', person: LIN, pages: residentPages },
  { who: 'elder', person: HE, pages: carePages },
  { who: 'provider', person: CLEANER, pages: async (page) => [...(await dayPages(page)), ...(await providerPages(page))] },
  { who: 'staff', person: STREET, wide: true, pages: async (page) => [...deskPages, ...(await workPages(page))] },
]

// What there is to look at: brought about over the interface, by whoever would do it.
import { as, ask, soon } from './ask.mjs'
import { CLEANER, DISTRICT, HE, LIN, WALKER } from './steps.mjs'

/** The compound next to which the cleaner lives. */
export const COMPOUND = '演示小区·大化北院'
/** A few hundred metres from it, where the cleaner is at home. */
export const NEARBY = { lat: 38.3246, lon: 116.8479 }

const post = (body) => ({ method: 'POST', body: body ?? {} })

/** A door in that compound. */
export async function door(page, detail = '3-2-501') {
  const { items } = await ask(page, '/compounds')
  return { compound_id: items.find(({ name }) => name.zh === COMPOUND).id, detail }
}

/** A visit asked for as soon as possible. */
export async function visitNow(page, resident, more) {
  const wish = { kind: 'housekeeping.cleaning', address: await door(page), when: { now: true }, form: {} }
  return (await resident('/visits', post({ ...wish, ...more }))).id
}

/** Sends that person to a visit, without asking; answers with the start code. */
export async function sendWorker(page, resident, order, worker) {
  const staff = as(page, DISTRICT.phone)
  const { items } = await staff(`/desk/visits/${order}/candidates`)
  await staff(`/desk/visits/${order}/assign`, post({ worker_id: items.find((one) => one.worker.name === worker.name).worker.id }))
  return (await resident(`/orders/${order}`)).visit.code
}

/** Somebody on the way to a visit, seen on the map. */
export async function comingVisit(page, resident) {
  const worker = as(page, WALKER.phone)
  const order = await visitNow(page, resident)
  await sendWorker(page, resident, order, WALKER)
  await worker(`/work/jobs/${order}/on-the-way`, post())
  await worker(`/work/jobs/${order}/position`, post({ point: NEARBY }))
  return order
}

/** A visit that is done, agreed to and poorly rated; the one who came asks to have the words looked at. */
export async function doneVisit(page, resident) {
  const worker = as(page, WALKER.phone)
  const order = await visitNow(page, resident)
  const code = await sendWorker(page, resident, order, WALKER)
  for (const [step, body] of [['on-the-way'], ['arrived'], ['start', { code }], ['done']]) await worker(`/work/jobs/${order}/${step}`, post(body))
  const { version, visit } = await resident(`/orders/${order}`)
  await resident(`/orders/${order}/agree`, post({ version }))
  await resident(`/orders/${order}/rating`, post({ level: 2, tags: [], words: '10/10' }))
  await worker(`/work/jobs/${order}/rating`, post({ level: 5, tags: [] }))
  await worker(`/ratings/${order}/report`, post({ reason: '?' }))
  return { order, worker: visit.worker.id }
}

/** A report that neighbours can follow. */
export async function report(page, resident) {
  const address = await door(page, 'A1')
  return (await resident('/visits', post({ kind: 'security.hazard', address, when: { now: true }, form: { what: '...' } }))).id
}

/** A doctor's only place of tomorrow morning is somebody else's. */
export async function scarce(page) {
  const staff = as(page, DISTRICT.phone)
  const { items } = await ask(page, '/offerings?kind=medical.chinese_medicine')
  const offering = items.find(({ note }) => note?.en.startsWith('Few places'))
  const { items: [person] } = await staff(`/desk/people?phone=${HE.phone}`)
  const start = '2026-11-24T09:00:00+08:00'
  await staff('/desk/orders', post({ person_id: person.id, offering_id: offering.id, start, if_full: 'refuse', form: {} }))
  return { offering: offering.id, start }
}

/** Somebody at work calls for help, and complains until the street office sees to it. */
export async function trouble(page) {
  const worker = as(page, CLEANER.phone)
  await worker('/work/help', post({ words: '...' }))
  const { id } = await worker('/matters', post({ form: 'complaint', words: '...' }))
  await worker(`/matters/${id}/climb`, post())
  return id
}

/**
 * A class of one meeting of one minute, soon, at which the resident is: answers with the order, and with how to wait until the
 * certificate is earned.
 */
export async function attended(page) {
  const [staff, lin] = [as(page, DISTRICT.phone), as(page, LIN.phone)]
  const [{ items: [offering] }, { now }] = [await staff('/offerings?kind=education.painting'), await staff('/service')]
  const minute = (count) => new Date(Math.ceil(Date.parse(now) / 60_000) * 60_000 + count * 60_000).toISOString()
  const meetings = [{ start: minute(0), end: minute(1) }]
  const title = { zh: '国画第一课', en: 'Ink painting, first lesson' }
  const session = await staff('/desk/sessions', post({ offering_id: offering.id, form: 'term', title, about: title, seats: 5, meetings, closes_at: minute(0) }))
  const { items: [person] } = await staff(`/desk/people?phone=${LIN.phone}`)
  const { id } = await staff('/desk/orders', post({ person_id: person.id, offering_id: offering.id, session_id: session.id, if_full: 'refuse', form: {} }))
  const roster = await staff(`/desk/sessions/${session.id}/roster`)
  await staff(`/desk/meetings/${roster.meetings[0].id}/attendance`, { method: 'PUT', body: { marks: [{ order_id: id, mark: 'present' }] } })
  return { order: id, earned: () => soon(() => lin(`/orders/${id}/certificate`).catch(() => undefined), 180_000) }
}

import { afterEach, describe, expect, it } from 'vitest'
import type { DayOff, Paper, WorkerFile } from '@/api/provider'
import type { Kind, Me, VisitTerms } from '@/api/types'
import { language } from '@/i18n'
import { amount, perHour } from '@/work/earned'
import { continueAt, draftOf, formOf, kindsFor, missingBy, partOf, stepsOf, streetOf, withDraft, wrongAt, type Form } from '@/work/filing'
import { leadOf } from '@/pages/inbox/leads'
import { readEnd } from '@/words/date'
import { hoursOf, hoursWords, rowsOf, usualRows, wrongRow } from '@/work/hours'
import { monthAfter, sameDays, stretchesOf, turned, weeksOf } from '@/work/month'
import { groupsOf, identityVerified, lookOf, otherKinds, pictureOf, wantsOwner } from '@/work/papers'

const words = (zh: string) => ({ zh, en: zh })
const terms = (more: Partial<VisitTerms>): VisitTerms => ({
  ways: ['ranked'], price_form: 'hourly', price_fen: 4000, minutes: 120, circle_minutes: 15, place: 'home',
  code: true, photos: false, may_be_private: false, urgent: false, wishes: [], days_ahead: 14, documents: [], skills: [], travel: ['foot'], ...more,
})
const kind = (key: string, visit?: VisitTerms): Kind => ({ key, name: words(key), visit }) as Kind
const cleaning = kind('housekeeping.cleaning', terms({}))
const escort = kind('eldercare.escort', terms({ price_form: 'free', price_fen: 0, ways: ['batch'] }))
const lift = kind('property.lift', terms({ ways: ['contract', 'staff'] }))
const kinds = new Map([cleaning, escort, lift].map((one) => [one.key, one]))

const blank: WorkerFile = {
  about: '', areas: [], documents: [], gender: 'unsaid', hours: {}, languages: [], max_open: 3, missing: [], name: '', open_jobs: 0,
  services: [], state: 'draft', state_words: words('填写中'), travel: 'foot', version: 0,
}
const missing: WorkerFile['missing'] = [{ step: 'home', words: words('请选择出发地') }, { step: 'documents', words: words('请上传居民身份证') }]
afterEach(() => {
  language.value = 'zh'
})

describe('a file', () => {
  const form = (more: Partial<Form> = {}): Form => ({ ...formOf(blank), ...more })
  const chosen = (key: string) => ({ kind: key, price: '', skills: [] })

  it('is asked for in questions, of which only those that matter are put', () => {
    expect(stepsOf(form(), kinds, 'draft')).toEqual(['who', 'services', 'home', 'areas', 'travel', 'hours', 'about', 'papers', 'check'])
    expect(stepsOf(form({ services: [chosen(cleaning.key)] }), kinds, 'refused')).toContain('prices')
    expect(stepsOf(form({ services: [chosen(escort.key)] }), kinds, 'refused')).not.toContain('prices')
    expect(stepsOf(form(), kinds, 'verified')).toEqual(['services', 'home', 'areas', 'travel', 'hours', 'about', 'papers'])
    expect(stepsOf(form(), kinds, 'submitted')[0]).toBe('who')
  })
  it('offers what one can be found for', () => {
    const all = [cleaning, escort, lift, kind('medical.clinic')]
    expect(kindsFor(true, all, []).map(({ key }) => key)).toEqual([cleaning.key, escort.key])
    expect(kindsFor(false, all, [])).toHaveLength(3)
    expect(kindsFor(true, all, [chosen(lift.key)])).toContain(lift)
  })
  it('goes on where one left off, or at what is missing', () => {
    const steps = stepsOf(form(), kinds, 'draft')
    expect(continueAt({ missing, version: 0 }, steps, 'hours')).toBe('who')
    expect(continueAt({ missing, version: 3 }, steps, 'hours')).toBe('hours')
    expect(continueAt({ missing, version: 3 }, steps, 'prices')).toBe('home')
    expect(continueAt({ missing: missing.slice(1), version: 3 }, steps, undefined)).toBe('papers')
    expect(continueAt({ missing: [], version: 3 }, steps, undefined)).toBe('check')
    expect([...missingBy({ missing }).keys()]).toEqual(['home', 'papers'])
  })
  it('says what is wrong at a question', () => {
    expect(wrongAt('who', form())).toEqual({ name: 'form.required' })
    expect(wrongAt('who', form({ name: '王一', alone: false }))).toEqual({ employer: 'apply.employer.first' })
    expect(wrongAt('services', form())).toHaveProperty('services')
    expect(wrongAt('prices', form({ services: [{ ...chosen('a'), price: '五十' }, { ...chosen('b'), price: '50' }, chosen('c')] }))).toEqual({ a: 'plan.wrong.price' })
    expect(wrongAt('home', form({ place: { text: '', detail: '', point: { lat: 38, lon: 116 } } }))).toEqual({ home: 'place.first.name' })
    expect(wrongAt('areas', form({ everywhere: false }))).toHaveProperty('areas')
    expect(wrongAt('areas', form())).toEqual({})
    expect(wrongAt('hours', form())).toEqual({ hours: 'apply.hours.first' })
    expect(wrongAt('hours', form({ rows: [...usualRows(), { weekdays: [5], from: '17:00', to: '20:00' }] }))).toEqual({ '1.from': 'apply.hours.meet' })
    expect(['0', '21', 'x', '20'].map((most) => 'most' in wrongAt('about', form({ most })))).toEqual([true, true, true, false])
  })
  it('is saved question by question, and each says only its own', () => {
    const whole = form({
      name: ' 王一 ', alone: false, employer: { id: 'o', name: words('物业') }, services: [{ kind: cleaning.key, price: '45.5', skills: [] }, chosen(escort.key)],
      place: { text: ' 大化小区 ', detail: '', point: { lat: 38.3, lon: 116.8 } }, areas: ['130903001007'], rows: usualRows(), about: ' 细心 ', most: '4', languages: ['mandarin'],
    })
    expect(partOf('who', whole)).toEqual({ name: '王一', gender: 'unsaid', organisation_id: 'o' })
    expect(partOf('who', { ...whole, alone: true })).toEqual({ name: '王一', gender: 'unsaid', independent: true })
    expect(partOf('prices', whole)).toEqual({ services: [{ kind: cleaning.key, price_fen: 4550, skills: [] }, { kind: escort.key, price_fen: undefined, skills: [] }] })
    expect(partOf('home', whole, '130903001007')).toEqual({ home: { text: '大化小区', point: { lat: 38.3, lon: 116.8 }, area_code: '130903001007' } })
    expect(partOf('areas', whole)).toEqual({ areas: [] })
    expect(partOf('areas', { ...whole, everywhere: false })).toEqual({ areas: ['130903001007'] })
    expect(partOf('about', whole)).toEqual({ languages: ['mandarin'], about: '细心', max_open: 4 })
    expect(partOf('papers', whole)).toBeUndefined()
  })
  it('comes back as it was saved', () => {
    const back = formOf({ ...blank, services: [{ kind: cleaning.key, name: words('保洁'), needs: [], off_offer: false, price_fen: 4550, skills: [], state: 'asked' }], home: { text: '大化', point: { lat: 38, lon: 116 } }, areas: ['a'] })
    expect(back.services).toEqual([{ kind: cleaning.key, price: '45.50', skills: [] }])
    expect(back.place).toEqual({ text: '大化', detail: '', point: { lat: 38, lon: 116 } })
    expect(back.everywhere).toBe(false)
  })
  it('keeps what is half written, of that question alone', () => {
    const typed = form({ name: '王', about: '十年' })
    expect(withDraft(form(), 'who', draftOf('who', typed))).toMatchObject({ name: '王', about: '' })
    expect(withDraft(form(), 'about', draftOf('who', typed)).name).toBe('')
    expect(withDraft(form(), 'who', 'no json')).toEqual(form())
    expect(withDraft(form(), 'who', undefined)).toEqual(form())
  })
  it('knows the street of a community', () => {
    expect(streetOf('130903001007')).toBe('130903001000')
  })
})

describe('a message', () => {
  it('leads to what it is about', () => {
    expect(leadOf({ topic: 'worker.refused' })?.page).toBe('workFile')
    expect(leadOf({ topic: 'worker.paper_ends_soon' })?.page).toBe('workPapers')
    expect(leadOf({ topic: 'order.confirmed', order_id: 'o' })).toMatchObject({ page: 'order', query: { id: 'o' } })
    expect(leadOf({ topic: 'announcement' })).toBeUndefined()
  })
})

describe('the hours of a week', () => {
  it('stand on as few lines as they can', () => {
    const hours = hoursOf([{ weekdays: [1, 2], from: '8:00', to: '12:00' }, { weekdays: [2], from: '14点', to: '0:00' }])
    expect(hours).toEqual({ '1': [{ from: '08:00', to: '12:00' }], '2': [{ from: '08:00', to: '12:00' }, { from: '14:00', to: '24:00' }] })
    expect(rowsOf(hours)).toEqual([{ weekdays: [1, 2], from: '08:00', to: '12:00' }, { weekdays: [2], from: '14:00', to: '24:00' }])
    expect(hoursWords(hoursOf(usualRows()), 'zh')).toBe('周一至周五 08:00–18:00')
    expect(hoursOf([{ weekdays: [1], from: 'x', to: '12:00' }])).toEqual({})
  })
  it('end at midnight at the latest', () => {
    expect(['24:00', '24', '24点', '0:00', '23:30', '25:00', ''].map(readEnd)).toEqual(['24:00', '24:00', '24:00', '24:00', '23:30', undefined, undefined])
  })
  it('cannot be too short, backwards, unreadable, on no day, or twice', () => {
    const row = (more: Partial<ReturnType<typeof usualRows>[number]>) => ({ ...usualRows()[0]!, ...more })
    expect(wrongRow([row({ weekdays: [] })], 0)?.field).toBe('weekdays')
    expect(wrongRow([row({ from: '八点' })], 0)?.field).toBe('from')
    expect(wrongRow([row({ to: '' })], 0)).toEqual({ field: 'to', words: 'plan.wrong.time' })
    expect(wrongRow([row({ to: '8:29' })], 0)).toEqual({ field: 'to', words: 'apply.hours.short' })
    expect(wrongRow([row({ to: '8:30' })], 0)).toBeUndefined()
    expect(wrongRow([row({ to: '12:00' }), row({ from: '12:00' })], 1)).toBeUndefined()
    expect(wrongRow([row({ to: '12:00' }), row({ from: '11:59' })], 1)?.words).toBe('apply.hours.meet')
    expect(wrongRow([row({ weekdays: [1] }), row({ weekdays: [6] })], 1)).toBeUndefined()
  })
})

describe('papers', () => {
  const paper = (more: Partial<Paper>): Paper => ({ id: 'p', document: 'health_certificate', name: words('健康证'), state: 'verified', ...more })
  const choices = { documents: [{ key: 'identity', name: words('居民身份证'), ends: false }, { key: 'health_certificate', name: words('健康证'), ends: true }, { key: 'driving_licence', name: words('驾驶证'), ends: true }], languages: [] }
  const nanny: WorkerFile['services'][number] = { kind: 'nanny', name: words('保姆'), needs: ['health_certificate'], off_offer: false, skills: [], state: 'asked' }

  it('that are wanted come first, and who somebody is only once', () => {
    const file = { services: [nanny], documents: [paper({ document: 'driving_licence' })] }
    expect(groupsOf(file, choices.documents, false).map(({ key, wanted }) => [key, wanted])).toEqual([['identity', true], ['health_certificate', true], ['driving_licence', false]])
    const verified = groupsOf(file, choices.documents, true)
    expect(verified.map(({ key }) => key)).toEqual(['health_certificate', 'driving_licence'])
    expect(verified[0]!.services).toEqual([words('保姆')])
    expect(otherKinds(choices, verified).map(({ key }) => key)).toEqual(['identity'])
  })
  it('are seen as they are, and warned of thirty days before', () => {
    expect([undefined, paper({ state: 'asked', days_left: 10 }), paper({}), paper({ days_left: 31 }), paper({ days_left: 30 }), paper({ days_left: 0 }), paper({ days_left: -1 }), paper({ state: 'expired' }), paper({ state: 'refused' })].map(lookOf)).toEqual([
      'none', 'asked', 'good', 'good', 'soon', 'soon', 'expired', 'expired', 'refused',
    ])
    expect(wantsOwner({ wanted: true, papers: [] })).toBe(true)
    expect(wantsOwner({ wanted: true, papers: [paper({ state: 'asked' }), paper({ days_left: -3 })] })).toBe(false)
    expect(wantsOwner({ wanted: false, papers: [paper({ days_left: 5 })] })).toBe(true)
    expect(wantsOwner({ wanted: false, papers: [] })).toBe(false)
  })
  it('have a picture by its address', () => {
    expect(pictureOf({ file: '/api/files/00V9P3M2G4001' })).toBe('00V9P3M2G4001')
    expect(pictureOf({})).toBeUndefined()
  })
  it('need no identity card where a desk has seen one', () => {
    const me = (status: string) => ({ person: { facts: [{ fact: 'identity', status }] } }) as unknown as Me
    expect([me('verified'), me('expired'), undefined].map(identityVerified)).toEqual([true, false, false])
  })
})

describe('days off', () => {
  it('lie on a calendar that begins on Monday', () => {
    const weeks = weeksOf('2026-11')
    expect(weeks[0]).toEqual([undefined, undefined, undefined, undefined, undefined, undefined, '2026-11-01'])
    expect(weeks[5]).toEqual(['2026-11-30', undefined, undefined, undefined, undefined, undefined, undefined])
    expect(weeksOf('2027-02')).toHaveLength(4)
    expect(weeksOf('2028-02').flat()).toContain('2028-02-29')
  })
  it('go on over the year', () => {
    expect([monthAfter('2026-12', 1), monthAfter('2026-01', -1), monthAfter('2026-11', 14)]).toEqual(['2027-01', '2025-12', '2028-01'])
  })
  it('are turned on with a reason and off again', () => {
    const on = turned([{ day: '2026-11-26' }], '2026-11-25', ' 回老家 ')
    expect(on).toEqual([{ day: '2026-11-25', reason: '回老家' }, { day: '2026-11-26' }])
    expect(turned(on, '2026-11-25', '')).toEqual([{ day: '2026-11-26' }])
    expect(sameDays([{ day: 'a', reason: '' }], [{ day: 'a' }])).toBe(true)
    expect(sameDays([{ day: 'a' }], [{ day: 'b' }])).toBe(false)
  })
  it('are said in stretches', () => {
    const days: DayOff[] = [{ day: '2026-12-01', reason: '' }, { day: '2026-11-30' }, { day: '2026-12-02', reason: '喜事' }, { day: '2026-12-05' }]
    expect(stretchesOf(days).map(({ from, to }) => [from, to])).toEqual([['2026-11-30', '2026-12-01'], ['2026-12-02', '2026-12-02'], ['2026-12-05', '2026-12-05']])
  })
})

describe('earnings', () => {
  it('of nothing are not free', () => {
    expect([0, 1250, -1250].map(amount)).toEqual(['¥0.00', '¥12.50', '-¥12.50'])
  })
  it('come to so much an hour', () => {
    expect(perHour({ total_fen: 9_000, minutes_active: 90 })).toBe(6_000)
    expect(perHour({ total_fen: 9_000, minutes_active: 20 })).toBeUndefined()
    expect(perHour({ total_fen: 0, minutes_active: 90 })).toBeUndefined()
  })
})

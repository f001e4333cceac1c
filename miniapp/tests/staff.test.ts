import { beforeEach, describe, expect, it } from 'vitest'
import type { Overview, RosterItem } from '@/api/staff'
import type { Call, DeskOrder, Kind, Offering } from '@/api/types'
import { byPerson } from '@/desk/calling'
import { careCounts } from '@/desk/careday'
import { doorsFor } from '@/staff/doors'
import { roomDay } from '@/desk/roomday'
import { daySheet } from '@/desk/sheet'
import { ageWords } from '@/events/age'
import { allPresent, changesOf, markable, markOfKey, marksOf, meetingNow, nextMark, seatedAndWaiting, step } from '@/events/marks'
import { emptyEvent, sessionOf, wrongsOf } from '@/events/plan'
import { language } from '@/i18n'
import { changesOf as ruleChanges, formOf, versionOn } from '@/manage/rules'
import { fileName } from '@/words/file'
import { mondayOf, readTime } from '@/words/date'
import { instantText, overlap, readCount, readMoney, timesOf, weekdayWords, writeMoney } from '@/words/plan'

const words = (zh: string) => ({ zh, en: zh })
const now = Date.parse('2026-11-24T10:00:00+08:00')

beforeEach(() => {
  language.value = 'zh'
})

describe('what planners type', () => {
  it('is read as a time of the day in any of the usual ways', () => {
    for (const typed of ['9:00', '09:00', '0900', '9点', '9：00', ' 9.00 ', '9时00分']) expect(readTime(typed)).toBe('09:00')
    expect(readTime('14点30')).toBe('14:30')
    for (const typed of ['', '25:00', '9:60', 'nine', '123456']) expect(readTime(typed)).toBeUndefined()
  })
  it('is read as money and written back the same', () => {
    expect(readMoney('12.5')).toBe(1250)
    expect(readMoney('¥12.50')).toBe(1250)
    expect(readMoney('0')).toBe(0)
    for (const typed of ['', '-1', '1.234', 'free']) expect(readMoney(typed)).toBeUndefined()
    for (const fen of [0, 5, 1250, 100_000]) expect(readMoney(writeMoney(fen))).toBe(fen)
  })
  it('is read as a count', () => {
    expect(readCount(' 20 ')).toBe(20)
    expect(readCount('2.5')).toBeUndefined()
    expect(readCount('')).toBeUndefined()
  })
  it('is a time of the district, whatever the device', () => {
    expect(instantText('2026-11-24', '09:00')).toBe('2026-11-24T01:00:00Z')
    expect(instantText('', '09:00')).toBe('')
    expect(instantText('2026-11-24', '')).toBe('2026-11-23T16:00:00Z')
  })
})

describe('weeks', () => {
  it('begin on Monday', () => {
    expect(mondayOf('2026-11-23')).toBe('2026-11-23')
    expect(mondayOf('2026-11-29')).toBe('2026-11-23')
    expect(mondayOf('2026-11-30')).toBe('2026-11-30')
  })
  it('name their days, and a run of them as one', () => {
    expect(weekdayWords([3, 1], 'zh')).toBe('周一、周三')
    expect(weekdayWords([1, 2, 3, 4, 5], 'zh')).toBe('周一至周五')
    expect(weekdayWords([6, 7], 'en')).toBe('Sat, Sun')
    expect(weekdayWords([], 'en')).toBe('')
  })
})

describe('a line of the weekly schedule', () => {
  const line = { weekdays: [1, 2], from: '08:30', to: '11:30', slot_minutes: 30, capacity: 6 }
  it('gives its times, and says what is left over', () => {
    expect(timesOf(line).times).toEqual(['08:30', '09:00', '09:30', '10:00', '10:30', '11:00'])
    expect(timesOf({ ...line, slot_minutes: 50 })).toEqual({ times: ['08:30', '09:20', '10:10'], leftOver: 30 })
    expect(timesOf({ ...line, to: '08:00' }).times).toEqual([])
    expect(timesOf({ ...line, slot_minutes: 0 }).times).toEqual([])
  })
  it('overlaps another on the same day only', () => {
    expect(overlap([line, { ...line, from: '11:30', to: '12:00' }])).toBeUndefined()
    expect(overlap([line, { ...line, from: '11:00', to: '12:00' }])).toEqual([0, 1])
    expect(overlap([line, { ...line, weekdays: [3] }])).toBeUndefined()
  })
})

describe('planning an event', () => {
  const single = { ...emptyEvent('o'), dates: [{ day: '2026-12-01', from: '9:00', to: '11:00', topic: '' }], seats: '20', titleZh: '讲座', aboutZh: '内容' }
  const weekly = { ...emptyEvent('o'), form: 'term' as const, weekly: true, weekdays: [2, 4], from: '9:00', to: '10:30', firstDay: '2026-12-01', count: '8', seats: '20', titleZh: '课', aboutZh: '内容' }

  it('asks one thing after the other and says what needs another look', () => {
    expect(wrongsOf(emptyEvent(), 'what')).toEqual({ offering: 'required' })
    expect(wrongsOf(emptyEvent('o'), 'when')).toEqual({ 'dates.0.day': 'day', 'dates.0.from': 'time' })
    expect(wrongsOf({ ...single, dates: [{ day: '2026-12-01', from: '11:00', to: '9:00', topic: '' }] }, 'when')).toEqual({ 'dates.0.to': 'order' })
    expect(wrongsOf({ ...weekly, weekdays: [], count: '0' }, 'when')).toEqual({ weekdays: 'weekdays', count: 'count' })
    expect(wrongsOf({ ...weekly, ends: 'day' }, 'when')).toEqual({ lastDay: 'day' })
    expect(wrongsOf({ ...single, ageFrom: '12', ageTo: '6' }, 'who')).toEqual({ ageTo: 'age' })
    expect(wrongsOf({ ...single, seats: '0', price: 'x' }, 'seats')).toEqual({ seats: 'seats', price: 'price' })
    expect(wrongsOf({ ...single, titleZh: ' ' }, 'words')).toEqual({ titleZh: 'required' })
    for (const step of ['what', 'when', 'who', 'seats', 'words'] as const) {
      expect(wrongsOf(single, step)).toEqual({})
      expect(wrongsOf(weekly, step)).toEqual({})
    }
  })
  it('tells the server single dates as instants of the district', () => {
    const body = sessionOf(single, true)
    expect(body.meetings).toEqual([{ start: '2026-12-01T01:00:00Z', end: '2026-12-01T03:00:00Z', topic: undefined, unit_id: undefined }])
    expect(body.pattern).toBeUndefined()
    expect(body.title).toEqual({ zh: '讲座', en: '讲座' })
    expect(body).toMatchObject({ draft: true, seats: 20, price_fen: undefined, age: undefined })
  })
  it('tells it a weekly pattern by count or by the last day, not both', () => {
    expect(sessionOf(weekly, false).pattern).toMatchObject({ weekdays: [2, 4], from: '09:00', to: '10:30', first_day: '2026-12-01', count: 8, skip_holidays: true })
    const untilDay = sessionOf({ ...weekly, ends: 'day', lastDay: '2027-01-31' }, false).pattern
    expect(untilDay).toMatchObject({ last_day: '2027-01-31' })
    expect(untilDay).not.toHaveProperty('count')
  })
  it('can be asked about while nothing is typed yet', () => {
    expect(sessionOf(emptyEvent(), true).meetings).toEqual([expect.objectContaining({ start: '', end: '' })])
  })
  it('says ages as people do', () => {
    expect(ageWords({ min: 60 })).toBe('60 岁以上')
    expect(ageWords({ min: 6, max: 12 })).toBe('6–12 岁')
    expect(ageWords({ max: 17 })).toBe('17 岁以下')
  })
})

describe('attendance', () => {
  const item = (id: string, over: Partial<RosterItem> = {}): RosterItem => ({ order_id: id, version: 1, subject: { id, name: id }, state: 'confirmed', marks: [], ...over }) as RosterItem
  const meeting = (id: string, start: string, state: 'planned' | 'cancelled' = 'planned') => ({ id, number: 1, start, end: start, state })

  it('knows who has a seat and who waits, in their order', () => {
    const { seated, waiting } = seatedAndWaiting([item('a'), item('late', { state: 'waiting', position: 2 }), item('gone', { state: 'cancelled' }), item('next', { state: 'held', position: 1 })])
    expect(seated.map((one) => one.order_id)).toEqual(['a'])
    expect(waiting.map((one) => one.order_id)).toEqual(['next', 'late'])
  })
  it('sends only what was changed, by meeting', () => {
    const before = marksOf({ items: [item('a', { marks: [{ meeting_id: 'm', mark: 'present' }] }), item('b')] })
    const after = allPresent(before, ['a', 'b'], 'm')
    expect(changesOf(before, after)).toEqual([{ meeting: 'm', marks: [{ order_id: 'b', mark: 'present' }] }])
    expect(changesOf(before, before)).toEqual([])
    expect(before).toEqual({ a: { m: 'present' }, b: {} })
  })
  it('leaves marks already made when all are present', () => {
    const before = { a: { m: 'excused' as const } }
    expect(allPresent(before, ['a'], 'm')).toEqual(before)
  })
  it('can be marked from the morning of the day on and for a week, unless the date is off', () => {
    expect(markable(meeting('m', '2026-11-24T19:00:00+08:00'), now)).toBe(true)
    expect(markable(meeting('m', '2026-11-25T00:00:00+08:00'), now)).toBe(false)
    expect(markable(meeting('m', '2026-11-24T09:00:00+08:00', 'cancelled'), now)).toBe(false)
    expect(markable(meeting('m', '2026-11-17T09:00:00+08:00'), now)).toBe(true)
    expect(markable(meeting('m', '2026-11-16T09:00:00+08:00'), now)).toBe(false)
  })
  it("opens at today's meeting, else the last one", () => {
    const list = [meeting('1', '2026-11-17T09:00:00+08:00'), meeting('2', '2026-11-24T19:00:00+08:00'), meeting('3', '2026-12-01T09:00:00+08:00')]
    expect(meetingNow(list, now)?.id).toBe('2')
    expect(meetingNow(list.slice(2), now)?.id).toBe('3')
    expect(meetingNow([], now)).toBeUndefined()
  })
  it('goes with the keyboard', () => {
    expect(markOfKey('P')).toBe('present')
    expect(markOfKey('e')).toBe('excused')
    expect(markOfKey('x')).toBeUndefined()
    expect([undefined, 'present', 'absent', 'excused'].map((mark) => nextMark(mark as 'present' | undefined))).toEqual(['present', 'absent', 'excused', 'present'])
    expect(step({ row: 0, column: 0 }, 'ArrowUp', 3, 3)).toEqual({ row: 0, column: 0 })
    expect(step({ row: 2, column: 1 }, 'ArrowRight', 3, 3)).toEqual({ row: 2, column: 2 })
    expect(step({ row: 0, column: 0 }, 'Enter', 3, 3)).toBeUndefined()
    expect(step({ row: 0, column: 0 }, 'ArrowDown', 0, 0)).toBeUndefined()
  })
})

describe('the rules of an offering', () => {
  const rules = { price_fen: 1250, capacity: 6, slot_minutes: 30, opens_days_before: 7, opens_at: '07:00', closes_minutes_before: 30, approval: false }
  const bounds = { capacity: { min: 1, max: 60 }, price_fen: { min: 0, max: 10_000 } }

  it('are sent only where they were changed', () => {
    const form = formOf(rules, 'slot')
    expect(ruleChanges(form, rules, bounds, 'slot')).toEqual({ changes: {}, wrong: {} })
    expect(ruleChanges({ ...form, price_fen: '15', opens_at: '8:00', approval: 'true' }, rules, bounds, 'slot').changes).toEqual({ price_fen: 1500, opens_at: '08:00', approval: true })
  })
  it('are not sent in another writing of the same', () => {
    expect(ruleChanges({ ...formOf(rules, 'slot'), price_fen: '12.50', opens_at: '7:00' }, rules, bounds, 'slot').changes).toEqual({})
  })
  it('must be readable and inside their limits', () => {
    const form = formOf(rules, 'slot')
    expect(ruleChanges({ ...form, capacity: '61', price_fen: 'x' }, rules, bounds, 'slot').wrong).toEqual({ capacity: 'outside', price_fen: 'unreadable' })
    expect(ruleChanges({ ...form, capacity: '60', price_fen: '100' }, rules, bounds, 'slot').wrong).toEqual({})
  })
  it('of a room are about its use', () => {
    expect(Object.keys(formOf({}, 'resource'))).toContain('gap_minutes')
    expect(Object.keys(formOf({}, 'slot'))).not.toContain('gap_minutes')
  })
  it('in force are those that began last', () => {
    const versions = [{ valid_from: '2026-11-01', version: 1 }, { valid_from: '2026-12-01', version: 3 }, { valid_from: '2026-11-20', version: 2 }]
    expect(versionOn(versions, '2026-11-24')?.version).toBe(2)
    expect(versionOn(versions, '2026-12-01')?.version).toBe(3)
    expect(versionOn(versions, '2026-10-01')?.version).toBe(1)
  })
})

describe('day care', () => {
  it('counts who is where, those who are missing first', () => {
    const one = (presence: 'missing' | 'expected' | 'there' | 'gone' | 'not_come') => ({ presence })
    expect(careCounts([one('there'), one('missing'), one('there')]).map(({ key, count }) => [key, count])).toEqual([['missing', 1], ['expected', 0], ['there', 2], ['gone', 0], ['not_come', 0]])
  })
})

describe('a day of rooms', () => {
  const at = (clock: string) => `2026-11-24T${clock}:00+08:00`
  const free = { day: '2026-11-24', open: [{ from: '08:00', to: '18:00' }], step_minutes: 30, units: [{ id: 'u', name: words('一号'), busy: [{ start: at('09:00'), end: at('10:00') }, { start: at('14:00'), end: at('15:00') }] }], steps: [] }
  const order = (id: string, start: string, end: string, state = 'confirmed') => ({ id, start: at(start), end: at(end), state, state_words: words(''), subject: { id, name: id }, unit: { id: 'u', name: words('一号') } }) as unknown as DeskOrder

  it('says who uses what, and what is taken by others', () => {
    const { rooms, hours } = roomDay(free, [order('林一', '09:00', '10:00'), order('off', '11:00', '12:00', 'cancelled')])
    expect(hours).toEqual({ from: 480, to: 1080 })
    expect(rooms).toHaveLength(1)
    expect(rooms[0]?.uses.map((use) => use.who)).toEqual(['林一', undefined])
    expect(rooms[0]?.parts[0]).toEqual({ from: 0.1, to: 0.2 })
  })
  it('has no hours on a closed day', () => {
    expect(roomDay({ ...free, open: [] }, []).hours).toBeUndefined()
  })
})

describe("a day's sheet", () => {
  it('is everything by time, whatever it is', () => {
    const offering = { id: 'o', kind_name: words('球台'), place: { name: words('馆') } } as unknown as Offering
    const overview = {
      meetings: [{ session_id: 's', title: words('课'), start: '2026-11-24T10:00:00+08:00', end: '2026-11-24T11:00:00+08:00', place: words('馆'), booked: 3, present: 1 }],
      rooms: [{ offering, items: [{ start: '2026-11-24T09:00:00+08:00', end: '2026-11-24T12:00:00+08:00', subject_name: '林一' }] }],
    } as unknown as Overview
    expect(daySheet(overview).map((line) => [line.title.zh, line.who, line.booked])).toEqual([['球台', '林一', undefined], ['课', undefined, 3]])
  })
})

describe("the staff's home page", () => {
  const kind = (key: string, shape: string, over: object = {}) => ({ key, shape, courses: [], attendance: false, ...over }) as unknown as Kind
  const offering = (kind: string) => ({ id: kind, kind }) as unknown as Offering
  const kinds = [kind('a.slot', 'slot'), kind('a.room', 'resource'), kind('a.event', 'session'), kind('a.care', 'slot', { attendance: true })]
  const pages = (reach: Partial<Parameters<typeof doorsFor>[0]>) => doorsFor({ offerings: [], kinds, areaStaff: false, manager: false, ...reach }).flatMap((group) => group.doors.map((door) => door.page))

  it('leads a nurse to the desk, and to what is said of it', () => {
    expect(pages({ offerings: [offering('a.slot')] })).toEqual(['desk', 'deskRequests', 'watchMatters', 'watchFigures', 'deskBook', 'manageImports'])
  })
  it('leads to rooms, events and day care where there are some', () => {
    expect(pages({ offerings: [offering('a.room'), offering('a.event'), offering('a.care')] })).toEqual(expect.arrayContaining(['deskRooms', 'events', 'eventProgramme', 'deskCare']))
  })
  it('leads staff of an area to everything of theirs', () => {
    expect(pages({ areaStaff: true, manager: true })).toEqual(expect.arrayContaining(['deskOverview', 'deskCalls', 'deskVerify', 'announcements', 'manage', 'managePeople', 'eventProgramme']))
  })
})

describe('names of files', () => {
  it('hold nothing a disk refuses', () => {
    expect(fileName('智能手机课 12/01: a?.csv')).toBe('智能手机课-12-01-a-.csv')
  })
})

describe('people to call', () => {
  const call = (id: string, person: string): Call => ({ id, person: { id: person, name: person }, reason: { zh: id, en: id }, created_at: '2026-11-24T08:00:00+08:00' })
  it('stand once each, with all there is to tell, by their oldest matter', () => {
    const people = byPerson([call('1', '何'), call('2', '林'), call('3', '何')])
    expect(people.map(({ person, calls }) => [person.name, calls.map(({ id }) => id)])).toEqual([['何', ['1', '3']], ['林', ['2']]])
    expect(byPerson([])).toEqual([])
  })
})

import { beforeEach, describe, expect, it } from 'vitest'
import type { DayAvailability, DeskOrder, Order } from '@/api/types'
import { toGcj02 } from '@/words/map'
import { closeness } from '@/words/next'
import { needsWatching } from '@/booking/steps'
import { firstUseful } from '@/booking/times'
import { grouped } from '@/desk/groups'
import { language } from '@/i18n'
import { soonest } from '@/pages/home/next'
import { timeOf } from '@/words/meeting'
import { leftWords, shortClock, span, undoWords } from '@/words/say'

const words = { zh: '', en: '' }
const order = (over: Partial<Order>): Order => ({ id: 'o', state: 'confirmed', start: '2026-11-24T09:30:00+08:00', ...over }) as Order
const day = (date: string, left: DayAvailability['left']): DayAvailability => ({ day: date, weekday: 1, left, free: 0, waiting: 0, make_up_workday: false, calendar_unknown: false })
const now = Date.parse('2026-11-23T16:30:00+08:00')

beforeEach(() => {
  language.value = 'zh'
})

describe('the booking on the home page', () => {
  it('is a held place before all, then what is under way, then what comes soonest', () => {
    const later = order({ id: 'later', start: '2026-11-26T09:30:00+08:00' })
    const sooner = order({ id: 'sooner' })
    const waiting = order({ id: 'waiting', state: 'waiting', start: '2026-11-23T17:00:00+08:00' })
    const underway = order({ id: 'underway', state: 'underway' })
    const held = order({ id: 'held', state: 'held', start: '2026-11-29T09:30:00+08:00' })
    expect(soonest([later, waiting, sooner], now)?.id).toBe('sooner')
    expect(soonest([later, waiting, underway, sooner], now)?.id).toBe('underway')
    expect(soonest([later, waiting, underway, held, sooner], now)?.id).toBe('held')
    expect(soonest([], now)).toBeUndefined()
  })
  it('counts a term by its next meeting', () => {
    const meeting = (day: string, over = {}) => ({ id: day, number: 1, start: `${day}T14:00:00+08:00`, end: `${day}T15:00:00+08:00`, ...over })
    const meetings = [meeting('2026-11-16'), meeting('2026-11-24', { cancelled: '老师有事' }), meeting('2026-12-01')]
    const term = order({ id: 'term', start: '2026-11-16T14:00:00+08:00', session: { id: 's', form: 'term', title: words, meetings, attended: 1, planned: 1 } })
    expect(timeOf(term, now).start).toBe('2026-12-01T14:00:00+08:00')
    expect(soonest([term, order({ id: 'doctor' })], now)?.id).toBe('doctor')
    const over = order({ session: { id: 's', form: 'term', title: words, meetings: [meeting('2026-11-16')], attended: 1, planned: 1 } })
    expect(timeOf(over, now).start).toBe(over.start)
  })
})

describe('days', () => {
  it('open at the first one that helps', () => {
    expect(firstUseful([day('1', 'past'), day('2', 'line'), day('3', 'few')])).toBe('3')
    expect(firstUseful([day('1', 'closed'), day('2', 'line'), day('3', 'not_open')])).toBe('2')
    expect(firstUseful([day('1', 'closed'), day('2', 'not_open')])).toBe('2')
    expect(firstUseful([day('1', 'closed')])).toBe('1')
    expect(firstUseful([])).toBe('')
  })
  it('say what is left in words', () => {
    expect(leftWords({ left: 'many', free: 12, waiting: 0 })).toBe('余 12')
    expect(leftWords({ left: 'few', free: 2, waiting: 0 })).toBe('紧张 余 2')
    expect(leftWords({ left: 'line', free: 0, waiting: 0 })).toBe('已满 可候补')
    expect(leftWords({ left: 'line', free: 0, waiting: 3 })).toBe('候补中 3 人')
    expect(leftWords({ left: 'not_open', free: 0, waiting: 0 })).toBe('未放号')
  })
})

describe('places', () => {
  const home = { code: '130903001002' } as Parameters<typeof closeness>[1]
  it('are closest in one\'s own community, then under the same street office', () => {
    expect(closeness('130903001002', home)).toBe(0)
    expect(closeness('130903001007', home)).toBe(1)
    expect(closeness('130903002002', home)).toBe(2)
    expect(closeness('130903001002', undefined)).toBe(2)
  })
})

describe('times', () => {
  it('are read from what the server writes, in whatever offset', () => {
    expect(span('2026-11-24T09:30:00+08:00', '2026-11-24T09:45:00+08:00', now)).toBe('明天 周二 上午9:30–9:45')
    expect(span('2026-11-24T01:30:00Z', '2026-11-24T01:45:00Z', now)).toBe('明天 周二 上午9:30–9:45')
    expect(shortClock('2026-11-24T14:05:00+08:00')).toBe('2:05')
  })
  it('say when it is too late to undo', () => {
    expect(undoWords('2026-11-23T17:00:00+08:00', now)).toBe('今天 周一 下午5:00 之前可以取消或改期')
    expect(undoWords('2026-11-23T16:00:00+08:00', now)).toContain('打电话')
  })
})

describe('watching a booking', () => {
  it('is for those that change by themselves', () => {
    expect(needsWatching(order({ state: 'held' }), now)).toBe(true)
    expect(needsWatching(order({ state: 'waiting' }), now)).toBe(true)
    expect(needsWatching(order({}), now)).toBe(false)
    expect(needsWatching(order({ start: '2026-11-23T17:30:00+08:00' }), now)).toBe(true)
    expect(needsWatching(order({ state: 'cancelled' }), now)).toBe(false)
  })
})

describe('the desk', () => {
  const item = (name: string, over: Partial<DeskOrder>): DeskOrder =>
    ({ id: name, state: 'confirmed', start: '2026-11-23T09:00:00+08:00', state_words: words, actions: [], ...over }) as unknown as DeskOrder
  const ticket = (number: number, state: 'waiting' | 'called' | 'done' | 'missed') => ({ number, state, arrived_at: '2026-11-23T08:50:00+08:00' })

  it('sees who is being served, who waits by number, who is expected by time', () => {
    const groups = grouped([
      item('late', { start: '2026-11-23T10:00:00+08:00' }),
      item('early', {}),
      item('twelve', { state: 'underway', ticket: ticket(12, 'waiting') }),
      item('nine', { state: 'underway', ticket: ticket(9, 'waiting') }),
      item('now', { state: 'underway', ticket: ticket(8, 'called') }),
      item('gone', { state: 'underway', ticket: ticket(7, 'missed') }),
      item('line', { state: 'waiting' }),
      item('off', { state: 'cancelled' }),
    ])
    expect(groups.map((group) => [group.key, group.items.map((one) => one.id)])).toEqual([
      ['called', ['now']], ['waiting', ['nine', 'twelve']], ['expected', ['early', 'late']], ['missed', ['gone']], ['line', ['line']], ['over', ['off']],
    ])
  })
})

describe('the map', () => {
  it('is given the mainland offset: some hundred metres, never nothing and never kilometres', () => {
    for (const [latitude, longitude] of [[38.3, 116.83], [39.9, 116.4], [31.2, 121.5]] as const) {
      const shifted = toGcj02(latitude, longitude)
      const north = (shifted.latitude - latitude) * 111_320
      const east = (shifted.longitude - longitude) * 111_320 * Math.cos((latitude * Math.PI) / 180)
      expect(Math.hypot(north, east)).toBeGreaterThan(200)
      expect(Math.hypot(north, east)).toBeLessThan(800)
    }
  })
})

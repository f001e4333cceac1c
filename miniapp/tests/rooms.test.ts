import { describe, expect, it } from 'vitest'
import type { FreeDay, ResourceRules } from '@/api/types'
import { beginnings, endings, onBar, opening, unitsFree, usedMinutes } from '@/components/room/range'
import { instantOf } from '@/words/date'

const words = (zh: string) => ({ zh, en: zh })
const DAY = '2026-11-24'
const at = (clock: string) => `${DAY}T${clock}:00+08:00`
const rules: ResourceRules = { step_minutes: 30, min_minutes: 60, max_minutes: 180, gap_minutes: 15, approval: false, release_minutes: 20, units: [] }
const free = (over: Partial<FreeDay>): FreeDay => ({
  day: DAY,
  open: [{ from: '08:00', to: '12:00' }, { from: '14:00', to: '17:30' }],
  step_minutes: 30,
  units: [
    { id: 'a', name: words('甲'), busy: [{ start: at('09:00'), end: at('10:15') }] },
    { id: 'b', name: words('乙'), busy: [{ start: at('08:00'), end: at('09:30') }, { start: at('14:00'), end: at('17:30') }] },
  ],
  steps: [],
  ...over,
})
const evening = instantOf('2026-11-23', 1_200)
const clocks = (points: { minute: number; usable: boolean }[]) =>
  points.filter(({ usable }) => usable).map(({ minute }) => `${Math.floor(minute / 60)}:${String(minute % 60).padStart(2, '0')}`)

describe('a room', () => {
  it('can be begun where the shortest use is free', () => {
    expect(clocks(beginnings(free({}), rules, 'a', evening))).toEqual(['8:00', '10:30', '11:00', '14:00', '14:30', '15:00', '15:30', '16:00', '16:30'])
    expect(clocks(beginnings(free({}), rules, 'b', evening))).toEqual(['9:30', '10:00', '10:30', '11:00'])
  })
  it('is any of them when it does not matter which', () => {
    const any = clocks(beginnings(free({}), rules, '', evening))
    expect(any.slice(0, 5)).toEqual(['8:00', '9:30', '10:00', '10:30', '11:00'])
    expect(any).not.toContain('8:30')
    expect(unitsFree(free({}), { from: 570, to: 630 })).toEqual(['b'])
  })
  it('cannot be begun in the past', () => {
    expect(clocks(beginnings(free({}), rules, 'a', instantOf(DAY, 15 * 60 + 1)))).toEqual(['15:30', '16:00', '16:30'])
  })
  it('ends at the longest use, at what is in the way, or when it closes', () => {
    expect(clocks(endings(free({ units: [] , steps: [{ start: at('08:00'), end: at('12:00'), free: 2 }] }), rules, '', 480))).toEqual(['9:00', '9:30', '10:00', '10:30', '11:00'])
    expect(clocks(endings(free({}), rules, 'a', 480))).toEqual(['9:00'])
    expect(clocks(endings(free({}), rules, 'a', 630))).toEqual(['11:30', '12:00'])
    expect(clocks(endings(free({}), { ...rules, max_minutes: 0 }, 'a', 840)).at(-1)).toBe('17:30')
  })
  it('does not run over the hour when it is closed', () => {
    expect(clocks(endings(free({}), { ...rules, max_minutes: 0 }, 'a', 660))).toEqual(['12:00'])
  })
  it('is counted by steps where places are not told apart', () => {
    const counted = free({
      units: [],
      open: [{ from: '08:00', to: '10:00' }],
      steps: [
        { start: at('08:00'), end: at('08:30'), free: 3 },
        { start: at('08:30'), end: at('09:00'), free: 1 },
        { start: at('09:00'), end: at('09:30'), free: 0 },
        { start: at('09:30'), end: at('10:00'), free: 3 },
      ],
    })
    expect(clocks(beginnings(counted, { ...rules, min_minutes: 30 }, '', evening))).toEqual(['8:00', '8:30', '9:30'])
    expect(clocks(endings(counted, { ...rules, min_minutes: 30 }, '', 480))).toEqual(['8:30', '9:00'])
  })
  it('may be open until midnight, and taken over it', () => {
    const late = free({ open: [{ from: '20:00', to: '24:00' }], units: [{ id: 'a', name: words('甲'), busy: [{ start: at('23:00'), end: '2026-11-25T00:00:00+08:00' }] }] })
    expect(opening(late)).toEqual([{ from: 1_200, to: 1_440 }])
    expect(clocks(endings(late, rules, 'a', 1_320))).toEqual(['23:00'])
  })
  it('is drawn to scale', () => {
    expect(onBar(free({ open: [{ from: '08:00', to: '12:00' }] }), { from: 540, to: 600 })).toEqual({ left: 25, width: 25 })
  })
})

describe('hours of a week', () => {
  const order = (start: string, end: string, state = 'confirmed') => ({ start, end, state })
  it('count what stands in that week', () => {
    const monday = instantOf('2026-11-23', 0)
    expect(
      usedMinutes(
        [
          order('2026-11-23T08:00:00+08:00', '2026-11-23T10:00:00+08:00'),
          order('2026-11-29T23:00:00+08:00', '2026-11-29T23:30:00+08:00', 'requested'),
          order('2026-11-30T00:00:00+08:00', '2026-11-30T02:00:00+08:00'),
          order('2026-11-24T08:00:00+08:00', '2026-11-24T10:00:00+08:00', 'cancelled'),
        ],
        monday,
      ),
    ).toBe(150)
  })
})

import { describe, expect, it } from 'vitest'
import type { FiguresRow } from '@/api/staff'
import { doorOf, doorsFor, doorsNamed } from '@/staff/doors'
import { isOrderNumber, personQuery } from '@/staff/finding'
import { heightOf, MOST, optionOf, requestBars, responseBars, responseMinutes, satisfiedBars, type Looks } from '@/watch/charts'

const words = (zh: string) => ({ zh, en: zh })
const row = (name: string, over: Partial<FiguresRow> = {}): FiguresRow => ({ name: words(name), requests: 0, matched: 0, came: 0, on_time: 0, done: 0, rated: 0, unrated: 0, reopened: 0, ...over })
const name = (one: FiguresRow) => one.name.zh
const looks: Looks = { ink: '#111', quiet: '#444', line: '#eee', accent: '#076', grey: '#777', amber: '#a50', size: 15 }

describe('figures as bars', () => {
  it('have a bar of each sort for whoever was asked for something, the most first', () => {
    const bars = requestBars([row('医疗', { requests: 2, matched: 2, done: 1 }), row('文化'), row('家政', { requests: 5, matched: 3 })], name, (key) => key)
    expect(bars.names).toEqual(['家政', '医疗'])
    expect(bars.series.map((one) => [one.name, one.values])).toEqual([['requests', [5, 2]], ['matched', [3, 2]], ['done', [0, 1]]])
  })
  it('stop where nobody can tell them apart', () => {
    const rows = Array.from({ length: MOST + 3 }, (_, index) => row(`社区${index}`, { requests: index + 1 }))
    expect(requestBars(rows, name, (key) => key).names).toHaveLength(MOST)
    expect(requestBars(rows, name, (key) => key).names[0]).toBe(`社区${MOST + 2}`)
  })
  it('say minutes only where something was taken, and never none', () => {
    const rows = [row('医疗', { requests: 1, median_response_seconds: 0 }), row('家政', { requests: 2, median_response_seconds: 605 }), row('文化', { requests: 3 })]
    expect(rows.map(responseMinutes)).toEqual([1, 10, undefined])
    expect(responseBars(rows, name, 'm')).toEqual({ names: ['家政', '医疗'], series: [{ name: 'm', values: [10, 1], colour: 'accent' }] })
  })
  it('leave out whom too few rated, and are full at a hundred', () => {
    const bars = satisfiedBars([row('医疗', { rated: 3 }), row('家政', { rated: 8, satisfied: 6 })], name, 's')
    expect(bars).toEqual({ names: ['家政'], series: [{ name: 's', values: [75], colour: 'accent' }], full: 100 })
  })
  it('are drawn in the colours of the page, each with its number', () => {
    const bars = requestBars([row('家政', { requests: 5, matched: 3 })], name, (key) => key)
    const option = optionOf(bars, looks)
    expect(option).toMatchObject({ animation: false, legend: { show: true, textStyle: { color: '#111', fontSize: 15 } }, yAxis: { data: ['家政'], inverse: true }, xAxis: { max: undefined } })
    expect(option.series).toMatchObject([
      { data: [5], itemStyle: { color: '#777' }, label: { show: true, color: '#111' } },
      { data: [3], itemStyle: { color: '#a50' } },
      { data: [0], itemStyle: { color: '#076' } },
    ])
    expect(optionOf({ ...bars, series: bars.series.slice(0, 1), full: 100 }, looks)).toMatchObject({ legend: { show: false }, xAxis: { max: 100 } })
  })
  it('grow with their lines and with the type', () => {
    const bars = (lines: number) => requestBars(Array.from({ length: lines }, (_, index) => row(`${index}`, { requests: 1 })), name, (key) => key)
    expect(heightOf(bars(4), looks)).toBeGreaterThan(heightOf(bars(2), looks))
    expect(heightOf(bars(2), { size: 20 })).toBeGreaterThan(heightOf(bars(2), looks))
  })
})

describe("the staff's ways", () => {
  const doors = doorsFor({ offerings: [], kinds: [], areaStaff: true, manager: true })
  const all = doors.flatMap((group) => group.doors)
  it('have each a letter of its own', () => {
    const letters = all.flatMap((door) => door.letter ?? [])
    expect(letters.length).toBeGreaterThan(8)
    expect(new Set(letters).size).toBe(letters.length)
    // G twice is the home page.
    expect(letters).not.toContain('g')
  })
  it('mark the one behind which a page lies', () => {
    expect(doorOf('watchVisit')).toBe('watchVisits')
    expect(doorOf('eventRoster')).toBe('events')
    expect(doorOf('watchFigures')).toBe('watchFigures')
    expect(doorOf(undefined)).toBeUndefined()
  })
  it('are found by any of their words, those that begin with it first', () => {
    const named = (typed: string) => doorsNamed(doors, typed, (door) => (door.page === 'manage' ? '服务和排班' : door.page === 'watchFigures' ? '数据 服务' : door.page)).map((door) => door.page)
    expect(named('服务')).toEqual(['manage', 'watchFigures'])
    expect(named('服务 数据')).toEqual(['watchFigures'])
    expect(named('没有')).toEqual([])
    expect(named('')).toHaveLength(all.length)
  })
})

describe('what is typed into the palette', () => {
  it('may be a phone or an identity card', () => {
    expect(personQuery('199 0000 0002')).toEqual({ phone: '19900000002' })
    expect(personQuery('13090319500101001x')).toEqual({ identity: '13090319500101001X' })
    for (const typed of ['', '12345', '上门', 'A7K2 99']) expect(personQuery(typed)).toBeUndefined()
  })
  it('may be the number of an order', () => {
    for (const typed of ['157T CC00', '4821', 'a7k2']) expect(isOrderNumber(typed)).toBe(true)
    for (const typed of ['', '12', 'figures', '上门单', '1234567890123']) expect(isOrderNumber(typed)).toBe(false)
  })
})

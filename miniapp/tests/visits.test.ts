import { afterEach, describe, expect, it } from 'vitest'
import type { Order, Point, Position, Visit, VisitTerms } from '@/api/types'
import type { Drawing } from '@/api/visits'
import { around, layersOf, metresBetween, middleOf, namesIn, viewOf, zoomed, CLOSEST, FARTHEST } from '@/components/streets'
import { language } from '@/i18n'
import { hasPlace, missingOf } from '@/components/place'
import { addressLine, dayOfTime, daysOf, isForNow, nothing, stepsOf, visitOf, windowsOf } from '@/visit/asking'
import { payWords, priceWords } from '@/visit/price'
import { isMoving, mayCall, minutesOf, seenAt, seenIn, stageOf } from '@/visit/watching'
import { fromGcj02, toGcj02 } from '@/words/map'
import { momentOf } from '@/words/date'

const terms: VisitTerms = {
  ways: ['ranked'], price_form: 'hourly', price_fen: 4000, minutes: 120, circle_minutes: 15, place: 'home',
  code: true, photos: false, may_be_private: false, urgent: false, wishes: [], days_ahead: 14, documents: [], skills: [], travel: ['foot'],
}
const morning = momentOf('2026-11-23T09:00:00+08:00')
afterEach(() => {
  language.value = 'zh'
})

describe('what is asked', () => {
  it('is one question after the other, and only what matters for the kind', () => {
    expect(stepsOf(terms)).toEqual(['where', 'what', 'when', 'confirm'])
    expect(stepsOf({ ...terms, photos: true, wishes: ['gender'] })).toEqual(['where', 'what', 'when', 'pictures', 'wishes', 'confirm'])
    expect(stepsOf({ ...terms, urgent: true })).toEqual(['where', 'what', 'confirm'])
    expect(stepsOf({ ...terms, may_be_private: true, photos: true })).toEqual(['where', 'what', 'pictures', 'confirm'])
    expect(isForNow(terms)).toBe(false)
  })
  it('has a place when one is kept, or pointed at and named', () => {
    expect(hasPlace(undefined)).toBe(false)
    expect(hasPlace({ kept: 'a', text: '', detail: '' })).toBe(true)
    expect(hasPlace({ text: '解放路', detail: '' })).toBe(false)
    expect(hasPlace({ text: ' ', detail: '', point: { lat: 38, lon: 116 } })).toBe(false)
    expect(hasPlace({ text: '幸福小区', detail: '', compound_id: 'c' })).toBe(true)
    expect([undefined, { text: '解放路', detail: '' }, { text: '', detail: '', compound_id: 'c' }, { kept: 'a', text: '', detail: '' }].map(missingOf)).toEqual(['all', 'point', 'name', undefined])
  })
  it('is sent as the server takes it', () => {
    const time = { from: '2026-11-24T02:00:00Z', until: '2026-11-24T04:00:00Z' }
    const asking = { ...nothing(), place: { kept: 'a', text: '', detail: '' }, time, note: ' 门铃坏了 ', gender: 'female' as const }
    expect(visitOf('housekeeping.cleaning', { ...terms, wishes: ['gender'] }, asking, { a: 'b' }, 'p')).toEqual({
      kind: 'housekeeping.cleaning', subject_id: 'p', address: { id: 'a' }, when: time, form: { a: 'b' },
      note: '门铃坏了', wishes: { gender: 'female' }, wider: false, private: false, pay_by: 'cash',
    })
    const report = { ...nothing(), place: { text: '东门外', detail: '', point: { lat: 38.3, lon: 116.8 } }, time, private: true, picture_ids: ['f'] }
    expect(visitOf('security.hazard', { ...terms, price_form: 'free', may_be_private: true, place: 'spot' }, report, {}, undefined)).toEqual({
      kind: 'security.hazard', address: { text: '东门外', detail: '', point: { lat: 38.3, lon: 116.8 }, compound_id: undefined },
      when: { now: true }, form: {}, wider: false, private: true, pay_by: 'free',
    })
    // What is usually wished is no wish where the kind asks for none.
    expect(visitOf('housekeeping.cleaning', terms, asking, {}, 'p').wishes).toBeUndefined()
    expect(visitOf('housekeeping.cleaning', terms, { ...asking, private: true }, {}, undefined).private).toBe(false)
  })
  it('can be had in windows that are long enough and still to come', () => {
    const words = (day: string, minutes: number) => windowsOf(day, minutes, morning).map((one) => one.words.join('–'))
    expect(words('2026-11-23', 120)).toEqual(['10:00–12:00', '12:00–14:00', '14:00–16:00', '16:00–18:00', '18:00–20:00', '20:00–22:00'])
    expect(words('2026-11-24', 150)[0]).toBe('08:00–11:00')
    expect(words('2026-11-24', 480)).toEqual(['08:00–16:00', '10:00–18:00', '12:00–20:00', '14:00–22:00'])
    expect(windowsOf('2026-11-24', 60, morning)[0]).toMatchObject({ from: '2026-11-24T00:00:00Z', until: '2026-11-24T02:00:00Z' })
  })
  it('can be had on days that still have one', () => {
    const evening = momentOf('2026-11-23T20:00:00+08:00')
    expect(daysOf({ days_ahead: 2, minutes: 120 }, morning)).toEqual(['2026-11-23', '2026-11-24', '2026-11-25'])
    expect(daysOf({ days_ahead: 1, minutes: 120 }, evening)).toEqual(['2026-11-24'])
    expect(dayOfTime({ from: '2026-11-23T16:30:00Z', until: '2026-11-23T18:30:00Z' })).toBe('2026-11-24')
    expect(dayOfTime({ now: true })).toBeUndefined()
  })
  it('says what it costs, and on one line where it is', () => {
    expect(priceWords({ price_form: 'quote', price_fen: 3000 })).toBe('上门费 ¥30.00，维修费另报')
    expect(priceWords({ price_form: 'free', price_fen: 0 })).toBe('免费')
    expect(priceWords({ price_form: 'fixed', price_fen: 2000 })).toBe('¥20.00')
    language.value = 'en'
    expect(priceWords(terms)).toBe('About ¥40.00')
    expect(payWords('free')).toBe('')
    expect(addressLine({ text: '幸福小区', detail: '' })).toBe('幸福小区')
  })
})

describe('who is on the way', () => {
  const now = morning
  const event = (payload: Record<string, unknown>) => ({ at: '2026-11-23T09:00:00+08:00', event: 'position', payload })
  it('is seen with the age of the position', () => {
    const position: Position = { point: { lat: 38, lon: 116 }, age_seconds: 30, estimated: false, seconds_left: 240, words: { zh: '', en: '' } }
    expect(seenAt(position, now)).toEqual({ point: { lat: 38, lon: 116 }, at: now - 30_000, estimated: false, arrival: now + 240_000 })
    expect(seenAt({ estimated: true, words: { zh: '', en: '' } }, now)).toEqual({ point: undefined, at: undefined, estimated: true, arrival: undefined })
  })
  it('is heard of, unless the message says nothing of where', () => {
    expect(seenIn(event({ point: { lat: 38, lon: 116 }, at: '2026-11-23T08:59:50+08:00', seconds_left: 60 }), 500_000, now)).toEqual({
      point: { lat: 38, lon: 116 }, at: 490_000, estimated: false, arrival: 560_000,
    })
    expect(seenIn(event({ point: 'near' }), now, now)).toBeUndefined()
    expect(seenIn(event({}), now, now)).toBeUndefined()
  })
  it('is never there in no time', () => {
    expect([0, 29, 95, 600].map(minutesOf)).toEqual([1, 1, 2, 10])
  })
  it('is watched until it is over', () => {
    const order = (state: Visit['state']) => ({ visit: { state } }) as Order
    expect(isMoving(order('on_the_way'))).toBe(true)
    expect(isMoving(order('done'))).toBe(false)
    expect(isMoving({} as Order)).toBe(false)
    expect((['offered', 'accepted', 'working', 'failed'] as const).map(stageOf)).toEqual([0, 1, 2, 3])
  })
  it('may be called while the server says so', () => {
    expect(mayCall({ call_until: '2026-11-23T09:00:01+08:00' } as Visit, now)).toBe(true)
    expect(mayCall({ call_until: '2026-11-23T08:59:59+08:00' } as Visit, now)).toBe(false)
    expect(mayCall({} as Visit, now)).toBe(false)
  })
})

describe('the map', () => {
  const origin: Point = { lat: 38.3, lon: 116.83 }
  const drawing: Drawing = {
    features: [
      { properties: { class: 'main', name: { zh: '竹影大街', en: 'Zhuying Avenue' } }, geometry: { coordinates: [[[116.81, 38.3], [116.83, 38.3], [116.85, 38.3]]] } },
      { properties: { class: 'water', name: { zh: '大运河', en: 'Grand Canal' } }, geometry: { coordinates: [[[116.83, 38.29], [116.83, 38.302], [116.83, 38.31]]] } },
      { properties: { class: 'lane' }, geometry: { coordinates: [[[116.83, 38.3], [116.831, 38.3]]] } },
    ],
  }
  const { flat, point } = around(origin)
  it('lies flat and back again', () => {
    const there = { lat: 38.309, lon: 116.842 }
    const back = point(flat(there))
    expect(back.lat).toBeCloseTo(there.lat, 9)
    expect(back.lon).toBeCloseTo(there.lon, 9)
    expect(metresBetween(origin, { lat: 38.301, lon: 116.83 })).toBeCloseTo(111, 0)
    expect(flat(there).y).toBeLessThan(0)
  })
  it('has its middle, its lines by class with the water below, and its names', () => {
    expect(middleOf(drawing)).toEqual({ lat: 38.3, lon: 116.83 })
    expect(middleOf({ features: [] })).toBeUndefined()
    const { layers, named } = layersOf(drawing, flat)
    expect(layers.map(({ key }) => key)).toEqual(['water', 'lane', 'main'])
    expect(layers[1]!.path).toBe('M0 0L87 0')
    expect(named.map(({ words }) => words.en)).toEqual(['Zhuying Avenue', 'Grand Canal'])
  })
  it('writes names that are in sight and not upon another', () => {
    const { named } = layersOf(drawing, flat)
    const names = (across: number, y = 0) => namesIn(named, { x: 0, y, across }, 0.72).map(({ words }) => words.en)
    expect(names(3_000)).toEqual(['Grand Canal', 'Zhuying Avenue'])
    expect(names(10_000)).toEqual(['Grand Canal'])
    expect(names(3_000, 90_000)).toEqual([])
  })
  it('shows all that matters, neither too near nor too far', () => {
    expect(viewOf([], 0.72)).toBeUndefined()
    expect(viewOf([{ x: 0, y: 0 }], 0.72)).toEqual({ x: 0, y: 0, across: 600 })
    const view = viewOf([{ x: -1_000, y: 0 }, { x: 1_000, y: 300 }], 0.72)!
    expect([view.x, view.y]).toEqual([0, 150])
    expect(view.across).toBeGreaterThan(2_000)
    expect(zoomed(view, 0.0001).across).toBe(CLOSEST)
    expect(zoomed(view, 1_000).across).toBe(FARTHEST)
  })
  it('undoes the offset of mainland maps', () => {
    const shown = toGcj02(38.3, 116.83)
    const back = fromGcj02(shown.latitude, shown.longitude)
    expect(back.latitude).toBeCloseTo(38.3, 7)
    expect(back.longitude).toBeCloseTo(116.83, 7)
  })
})

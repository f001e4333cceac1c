import { afterEach, describe, expect, it } from 'vitest'
import type { Coverage, DeskVisit, FiguresRow, SendCandidate, WorkerFile } from '@/api/staff'
import type { Compound, Matter, Place, Visit } from '@/api/types'
import { doorsFor } from '@/staff/doors'
import { language } from '@/i18n'
import { momentOf, roughWord } from '@/words/date'
import { deadlineOf, matterActs } from '@/watch/deadline'
import { decisionOf, fileActs, holds, paperKey, pictureOf, serviceKey, unseen, untouched, waiting, wrongOf } from '@/watch/file'
import { inOrder, marksOf, measureOf, part, percent, whole } from '@/watch/figures'
import { actsOf, isList, matches, ofToday, pressOf, reportPictures, scopesOf, sorted } from '@/watch/visits'

const now = momentOf('2026-11-24T10:00:00+08:00')
const words = (zh: string) => ({ zh, en: zh })
afterEach(() => {
  language.value = 'zh'
})

describe('a visit at the desk', () => {
  const visit = { state: 'seeking', way: 'ranked', nobody: false, late: false } as Visit
  it('lets staff send somebody as long as nobody is at work', () => {
    expect(actsOf(visit)).toEqual(['send', 'cancel'])
    expect(actsOf({ ...visit, way: 'contract' })).toEqual(['send', 'take', 'cancel'])
    expect(actsOf({ ...visit, way: 'contract', state: 'accepted' })).toEqual(['send', 'cancel'])
    expect(actsOf({ ...visit, state: 'on_the_way', worker: {} as Visit['worker'] })).toEqual(['take_back', 'cancel'])
    expect(actsOf({ ...visit, state: 'working', worker: {} as Visit['worker'] })).toEqual([])
    expect(actsOf({ ...visit, state: 'done' })).toEqual([])
  })
  it('says what presses most', () => {
    expect(pressOf(visit, now)).toBe('seeking')
    expect(pressOf({ ...visit, nobody: true, late: true }, now)).toBe('nobody')
    expect(pressOf({ ...visit, accept_by: '2026-11-24T01:59:00Z' }, now)).toBe('late')
    expect(pressOf({ ...visit, accept_by: '2026-11-24T02:01:00Z' }, now)).toBe('seeking')
    expect(pressOf({ ...visit, state: 'accepted', accept_by: '2026-11-24T01:00:00Z' }, now)).toBe('coming')
    expect(pressOf({ ...visit, state: 'accepted', arrive_by: '2026-11-24T01:00:00Z' }, now)).toBe('late')
    expect(pressOf({ ...visit, state: 'working', arrive_by: '2026-11-24T01:00:00Z' }, now)).toBe('coming')
    expect(pressOf({ ...visit, state: 'done', late: true }, now)).toBe('over')
  })
  it('is private, or its pictures may be looked at for everybody', () => {
    const pictures = [{ id: 'a', moment: 'request', url: '' }, { id: 'b', moment: 'after', url: '' }]
    expect(reportPictures({ is_private: false, pictures })).toEqual(['a'])
    expect(reportPictures({ is_private: true, pictures })).toEqual([])
  })
})

describe('the list of visits', () => {
  const one = (id: string, from: string, until: string, is_now = false) =>
    ({
      job: { order_id: id, number: 'A7K2', resident: '林一', kind_name: { zh: '家庭保洁', en: 'Cleaning' }, address: { text: '大化北院', detail: '3-2-501' }, note: '门铃坏了', from, until, is_now },
      visit: { worker: { name: '王一' } },
    }) as unknown as DeskVisit
  it('is found by every word that is typed, wherever it stands', () => {
    const item = one('a', '', '')
    for (const typed of ['', '林一', 'a7k2', 'cleaning', '北院 501', '王一 保洁', '门铃']) expect(matches(item, typed)).toBe(true)
    for (const typed of ['林二', '北院 502']) expect(matches(item, typed)).toBe(false)
  })
  it('of today is made of what is open and what is underway', () => {
    expect(scopesOf('today')).toEqual(['open', 'underway'])
    expect(scopesOf('late')).toEqual(['late'])
    expect([isList('today'), isList('done'), isList('over')]).toEqual([true, true, false])
  })
  it('of today has what touches the day, and what was asked for now, by time', () => {
    const items = [
      one('evening', '2026-11-24T10:00:00Z', '2026-11-24T12:00:00Z'),
      one('tomorrow', '2026-11-24T16:30:00Z', '2026-11-24T18:00:00Z'),
      one('yesterday', '2026-11-23T01:00:00Z', '2026-11-23T03:00:00Z'),
      one('now', '2026-11-23T15:00:00Z', '2026-11-23T15:30:00Z', true),
    ]
    expect(ofToday(items, now).map(({ job }) => job.order_id)).toEqual(['now', 'evening'])
  })
  it('of those who could be sent has those who cannot apart', () => {
    const all = [{ worker: { id: 'a' } }, { worker: { id: 'b' }, problem: { code: 'x' } }] as unknown as SendCandidate[]
    expect(sorted(all).able.map(({ worker }) => worker!.id)).toEqual(['a'])
    expect(sorted(all).others.map(({ worker }) => worker!.id)).toEqual(['b'])
  })
})

describe('a promise', () => {
  const matter = { state: 'open', contact_by: '2026-11-24T12:00:00Z', answer_by: '2026-12-08T02:00:00Z' } as Matter
  it('is to get in touch first, then to answer', () => {
    expect(deadlineOf(matter, now)).toEqual({ what: 'contact', by: momentOf('2026-11-24T12:00:00Z'), tone: 'quiet' })
    expect(deadlineOf({ ...matter, state: 'contacted', contacted_at: '2026-11-24T01:00:00Z' }, now)?.what).toBe('answer')
    expect(deadlineOf({ ...matter, state: 'answered', answered_at: '2026-11-24T01:00:00Z' }, now)).toBeUndefined()
    expect(deadlineOf({ ...matter, state: 'withdrawn' }, now)).toBeUndefined()
  })
  it('is near, or broken', () => {
    expect(deadlineOf(matter, momentOf('2026-11-24T09:00:00Z'))?.tone).toBe('soon')
    expect(deadlineOf(matter, momentOf('2026-11-24T12:00:00Z'))?.tone).toBe('stop')
  })
  it('is as far off as people say it', () => {
    expect([1, 61_000, 90 * 60_000, 24 * 3_600_000, 26 * 3_600_000].map((left) => roughWord(left, 'zh'))).toEqual(['1分钟', '2分钟', '1小时30分', '1天', '1天2小时'])
    expect(roughWord(26 * 3_600_000, 'en')).toBe('1 d 2 h')
  })
  it('has steps in their order, those of the resident left out', () => {
    expect(matterActs({ actions: ['withdraw', 'climb', 'answer', 'take'] })).toEqual(['take', 'answer', 'climb'])
  })
})

describe('a provider’s file', () => {
  const file = {
    version: 3,
    state: 'submitted',
    documents: [{ id: 'p1', state: 'asked' }, { id: 'p2', state: 'verified' }],
    services: [{ kind: 'a.b', state: 'asked' }, { kind: 'a.c', state: 'refused' }],
  } as unknown as WorkerFile
  it('waits for a word to everything nobody has looked at', () => {
    expect(waiting(file)).toEqual([paperKey('p1'), serviceKey('a.b')])
    expect(unseen(file, { [paperKey('p1')]: { verify: true, reason: '', until: '' } })).toEqual([serviceKey('a.b')])
  })
  it('wants a reason for every no, and a real day', () => {
    expect(wrongOf(undefined)).toBeUndefined()
    expect(wrongOf(untouched())).toBeUndefined()
    expect(wrongOf({ verify: false, reason: ' ', until: '' })).toBe('reason')
    expect(wrongOf({ verify: true, reason: '', until: '2027-13-01' })).toBe('until')
    expect(wrongOf({ verify: true, reason: '', until: '2027.5.1' })).toBeUndefined()
  })
  it('is decided with what was said, and nothing else', () => {
    const marks = { [paperKey('p1')]: { verify: true, reason: '', until: '2027年5月1日' }, [serviceKey('a.b')]: { verify: false, reason: ' 没有经验 ', until: '' } }
    expect(decisionOf(file, marks, true)).toEqual({
      verify: true, version: 3, documents: [{ id: 'p1', verify: true, valid_until: '2027-05-01' }], services: [{ kind: 'a.b', verify: false, reason: '没有经验' }],
    })
    expect(decisionOf(file, {}, false, ' 照片不清 ')).toEqual({ verify: false, version: 3, documents: [], services: [], reason: '照片不清' })
  })
  it('can be sent back only when it was handed in', () => {
    expect(fileActs(file)).toEqual(['verify', 'send_back'])
    expect(fileActs({ ...file, state: 'verified' })).toEqual(['verify', 'suspend'])
    expect(fileActs({ ...file, state: 'verified', documents: [], services: [] })).toEqual(['suspend'])
    expect(fileActs({ ...file, state: 'suspended' })).toEqual(['resume'])
    expect(fileActs({ ...file, state: 'refused' })).toEqual([])
  })
  it('has papers that hold, run out soon, or have run out', () => {
    expect([undefined, 31, 30, 0, -1].map(holds)).toEqual(['quiet', 'quiet', 'soon', 'soon', 'stop'])
    expect(pictureOf('/api/files/01J9')).toBe('01J9')
  })
})

describe('figures', () => {
  const row = { name: words('家政'), requests: 10, matched: 8, came: 8, on_time: 6, done: 7, rated: 5, satisfied: 4, unrated: 2, reopened: 1, platform: 'p' } as FiguresRow
  it('are parts of a whole', () => {
    expect(measureOf(row, 'response')).toEqual({ count: 8, of: 10, share: 0.8 })
    expect(measureOf(row, 'on_time')?.share).toBe(0.75)
    expect(measureOf(row, 'satisfied')?.share).toBe(0.8)
    expect(measureOf(row, 'reopened')).toEqual(part(1, 7))
    expect(part(0, 0)).toEqual({ count: 0, of: 0 })
  })
  it('do not tell who said what', () => {
    expect(measureOf({ ...row, rated: 4, satisfied: undefined }, 'satisfied')).toBeUndefined()
  })
  it('never say all or none when that is not so', () => {
    expect([0, 0.001, 0.5, 0.999, 1].map(percent)).toEqual([0, 1, 50, 99, 100])
  })
})

describe('coverage', () => {
  const row = (area_code: string, residents: number, reached: number, elders: number, elders_reached: number): Coverage => ({ area_code, area_name: words(area_code), residents, reached, elders, elders_reached })
  const rows = [row('a', 100, 90, 10, 2), row('b', 0, 0, 0, 0), row('c', 10, 1, 5, 5), row('d', 400, 340, 40, 20)]
  const order = (by: Parameters<typeof inOrder>[1]) => inOrder(rows, by).map((one) => one.area_code).join('')
  it('has the holes first, and what is not known last', () => {
    expect(order('all')).toBe('cdab')
    expect(order('elders')).toBe('adcb')
    expect(order('missing')).toBe('dacb')
    expect(order('name')).toBe('abcd')
  })
  it('adds up', () => {
    expect(whole(rows).all).toEqual({ count: 431, of: 510, share: 431 / 510 })
    expect(whole([]).elders.share).toBeUndefined()
  })
})

describe('the doors to it', () => {
  const pages = (reach: Partial<Parameters<typeof doorsFor>[0]>) =>
    doorsFor({ offerings: [], kinds: [], areaStaff: false, manager: false, ...reach }).filter((group) => group.key === 'watch').flatMap((group) => group.doors.map((door) => door.page))
  it('are all open to staff of an area, and to others as far as their work goes', () => {
    expect(pages({ areaStaff: true, manager: true })).toHaveLength(8)
    expect(pages({ manager: true })).toEqual(['watchWorkers', 'watchStatements'])
    expect(pages({})).toEqual([])
  })
})

describe('the map of coverage', () => {
  const place = (id: string) => ({ id, latitude: 38.3, longitude: 116.8, name: words(id) }) as Place
  const compound = (area_code: string, lat: number) => ({ id: `${area_code}${lat}`, area_code, point: { lat, lon: 116.9 } }) as Compound
  const rows = [
    { area_code: 'a', area_name: words('大化'), residents: 4, reached: 3, elders: 0, elders_reached: 0 },
    { area_code: 'b', area_name: words('红卫'), residents: 2, reached: 2, elders: 0, elders_reached: 0 },
    { area_code: 'c', area_name: words('玉兰'), residents: 0, reached: 0, elders: 0, elders_reached: 0 },
  ] as Coverage[]
  const says = { place: (one: Place) => one.name.zh, share: (row: Coverage, share: number) => `${row.area_name.zh} ${share}` }
  it('has each place once, and each community where people are known to live, amid their homes', () => {
    const marks = marksOf(rows, [place('诊所'), place('诊所')], [compound('a', 38.1), compound('a', 38.3), compound('c', 38.5)], says)
    expect(marks.map(({ id, look, words: said, short }) => [id, look, said, short])).toEqual([['诊所', 'door', '诊所', undefined], ['a', 'gap', '大化 75', '75%']])
    expect(marks[1]?.point.lat).toBeCloseTo(38.2)
    expect(marksOf(rows, [], [compound('b', 38)], says)[0]?.look).toBe('share')
  })
})

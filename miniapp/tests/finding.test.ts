import { beforeEach, describe, expect, it, vi } from 'vitest'
import { createPinia, setActivePinia } from 'pinia'
import { api } from '@/api'
import type { CourseView, Found, WechatMessage } from '@/api/types'
import { panelWords } from '@/care/panel'
import { answersOf, worthAsking } from '@/composables/wechat'
import { byWhat, factsOf } from '@/find/found'
import { forgetSearches, recentSearches, rememberSearch } from '@/find/recent'
import { language } from '@/i18n'
import { kindPage, offeringPage } from '@/navigation'
import { useFavourites } from '@/stores/favourites'
import { courseOf, windowWords } from '@/words/course'
import { ageWords, dayRange, distance } from '@/words/say'

const words = { zh: '', en: '' }
const found = (what: Found['what'], id: string, over: Partial<Found> = {}): Found => ({ what, id, title: words, line: words, ...over })
const now = Date.parse('2026-11-23T16:30:00+08:00')

beforeEach(() => {
  language.value = 'zh'
  forgetSearches()
  setActivePinia(createPinia())
})

describe('what was found', () => {
  it('stands together by what it is and keeps its order', () => {
    const groups = byWhat([found('place', 'p1'), found('offering', 'o1'), found('kind', 'k1'), found('offering', 'o2')])
    expect(groups.map(({ what, items }) => [what, items.map(({ id }) => id)])).toEqual([['kind', ['k1']], ['offering', ['o1', 'o2']], ['place', ['p1']]])
  })
  it('says how far, when and how much', () => {
    expect(factsOf(found('offering', 'o', { distance_m: 433, next: { day: '2026-11-24', left: 'many' }, price_fen: 0 }), now)).toBe('430 米 · 明天 周二 有号 · 免费')
    expect(factsOf(found('place', 'p', { distance_m: 1_260 }), now)).toBe('1.3 公里')
    expect(factsOf(found('kind', 'k'), now)).toBe('')
    expect(distance(3)).toBe('10 米')
  })
})

describe('recent searches', () => {
  it('are the last ones, each once', () => {
    for (const typed of ['a', 'b', 'c', 'a', '  ']) rememberSearch(typed)
    expect(recentSearches()).toEqual(['a', 'c', 'b'])
    for (let count = 0; count < 20; count += 1) rememberSearch(`n${count}`)
    expect(recentSearches()).toHaveLength(8)
    expect(recentSearches()[0]).toBe('n19')
  })
})

describe('favourites', () => {
  it('are known once the server has agreed', async () => {
    vi.spyOn(api, 'get').mockResolvedValue({ items: [{ what: 'place', id: 'p', title: words, line: words, gone: false }] } as never)
    const favourites = useFavourites()
    await Promise.all([favourites.ensure(), favourites.ensure()])
    expect(api.get).toHaveBeenCalledTimes(1)
    expect(favourites.has('place', 'p')).toBe(true)
    expect(favourites.has('offering', 'p')).toBe(false)
    vi.spyOn(api, 'delete').mockRejectedValueOnce(new Error('no'))
    await expect(favourites.set('place', 'p', false)).rejects.toThrow('no')
    expect(favourites.has('place', 'p')).toBe(true)
    vi.spyOn(api, 'put').mockResolvedValue(undefined as never)
    await favourites.set('session', 's', true)
    expect(favourites.has('session', 's')).toBe(true)
  })
})

describe('a link', () => {
  it('leads to the page of the shape', () => {
    expect(kindPage({ shape: 'session' })).toBe('sessionList')
    expect(kindPage({ shape: 'slot', contract: {} })).toBe('doctors')
    expect(kindPage({ shape: 'resource' })).toBe('offerings')
    expect(kindPage(undefined)).toBe('offerings')
    expect(offeringPage({ shape: 'resource' })).toBe('room')
    expect(offeringPage({})).toBe('offering')
  })
})

describe('the next visit of a course', () => {
  it('is said with its window', () => {
    expect(windowWords({}, now)).toBe('现在就可以预约')
    expect(windowWords({ earliest: '2026-11-23', latest: '2026-12-20' }, now)).toContain('请在12月20日之前')
    expect(windowWords({ earliest: '2026-12-05', latest: '2026-12-20' }, now)).toBe('请在12月5日至12月20日之间完成')
    expect(windowWords({ earliest: '2026-12-05' }, now)).toContain('12月5日以后')
    expect(windowWords({ earliest: '2026-10-05', latest: '2026-11-22' }, now)).toContain('已经晚了')
  })
  it('is that of the course under way', () => {
    const course = (id: string, state: CourseView['state']) => ({ id, state, key: 'hpv9' }) as CourseView
    expect(courseOf([course('1', 'left'), course('2', 'done'), course('3', 'active')], 'hpv9')?.id).toBe('3')
    expect(courseOf([course('1', 'left'), course('2', 'done')], 'hpv9')?.id).toBe('2')
    expect(courseOf([course('1', 'left')], 'hpv9')).toBeUndefined()
    expect(courseOf([course('3', 'active')], 'rabies')).toBeUndefined()
  })
})

describe('a doctor', () => {
  it('has room or not', () => {
    expect(panelWords({ capacity: 600, signed: 588, left: 'few' })).toBe('还可签 12 人')
    expect(panelWords({ capacity: 600, signed: 601, left: 'none' })).toBe('已签满')
  })
})

describe('messages in WeChat', () => {
  const message = (template: WechatMessage['template'], kept: number): WechatMessage => ({ template, wechat_id: `id-${template}`, name: words, kept })
  const all = [message('held_place', 0), message('reminder', 2), message('booking', 0), message('notice', 0)]
  it('are asked for where none is kept, three at most', () => {
    expect(worthAsking(all).map(({ template }) => template)).toEqual(['held_place', 'booking', 'notice'])
    expect(worthAsking([message('reminder', 1)])).toEqual([])
    expect(worthAsking([...all, message('booking', 0)])).toHaveLength(3)
  })
  it('count as agreed to only when WeChat says so', () => {
    const answer = { 'id-held_place': 'accept', 'id-booking': 'reject', 'id-notice': 'ban', errMsg: 'requestSubscribeMessage:ok' }
    expect(answersOf(all, answer)).toEqual([
      { template: 'held_place', accepted: true },
      { template: 'booking', accepted: false },
      { template: 'notice', accepted: false },
    ])
  })
})

describe('small words', () => {
  it('for ages and days', () => {
    expect(ageWords(undefined)).toBe('')
    expect(ageWords({ min: 60 })).toBe('60 岁及以上')
    expect(ageWords({ min: 6, max: 12 })).toBe('6 至 12 岁')
    expect(ageWords({ max: 14 })).toBe('14 岁及以下')
    expect(dayRange('2026-11-23', '2026-11-29', now)).toBe('11月23日至29日')
    expect(dayRange('2026-11-30', '2026-12-06', now)).toBe('11月30日至12月6日')
    expect(dayRange('2026-11-23', '2026-11-23', now)).toBe('11月23日')
  })
})

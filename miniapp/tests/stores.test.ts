import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { login } from '@/api'
import type { Login, Me } from '@/api/types'
import { language } from '@/i18n'
import { useDrafts } from '@/stores/drafts'
import { usePrefs } from '@/stores/prefs'
import { useSession } from '@/stores/session'

const me = (over: Partial<Me['person']> = {}, roles: Me['roles'] = []): Me => ({
  account_id: 'a', wechat_linked: false, roles, household: [], unread: 2,
  person: { id: 'p', version: 1, name: '演示', language: 'zh', large_type: false, facts: [], ...over },
})
const loggedIn = (person: Me): Login => ({ token: 'secret', expires_at: '2026-12-23T00:00:00+08:00', me: person })

beforeEach(() => {
  setActivePinia(createPinia())
  for (const key of ['linli.token', 'linli.prefs', 'linli.drafts']) uni.removeStorageSync(key)
  language.value = 'zh'
  login.token = undefined
  vi.mocked(uni.navigateTo).mockClear()
})

describe('the session', () => {
  it('is found again on the next visit and forgotten at logout', () => {
    useSession().begin(loggedIn(me()))
    expect(login.token).toBe('secret')
    setActivePinia(createPinia())
    login.token = undefined
    const again = useSession()
    again.start()
    expect(again.signedIn).toBe(true)
    expect(login.token).toBe('secret')
    again.end()
    expect(uni.getStorageSync('linli.token')).toBe('')
    expect(login.token).toBeUndefined()
  })
  it('asks for a login on top of the page when it has ended', () => {
    const session = useSession()
    session.start()
    session.begin(loggedIn(me()))
    login.onEnded()
    expect(session.signedIn).toBe(false)
    expect(uni.navigateTo).toHaveBeenCalledWith(expect.objectContaining({ url: '/pages/login/index' }))
  })
  it('takes over the wishes of the profile', () => {
    useSession().begin(loggedIn(me({ language: 'en', large_type: true })))
    expect(language.value).toBe('en')
    expect(usePrefs().large).toBe(true)
  })
  it('teaches a new profile the wishes of the device instead', () => {
    usePrefs().setLanguage('en')
    useSession().begin(loggedIn(me({ name: '' })))
    expect(language.value).toBe('en')
    expect(uni.request).toHaveBeenCalledWith(
      expect.objectContaining({ url: '/api/me', data: JSON.stringify({ version: 1, language: 'en', large_type: false }) }),
    )
  })
  it('tells staff of an organisation from staff of an area', () => {
    const role = { grant_id: 'g', name: { zh: '', en: '' }, scope: { zh: '', en: '' } }
    const session = useSession()
    session.setMe(me({}, [{ ...role, role: 'organisation_staff', organisation_id: 'o' }]))
    expect([session.staff, session.areaStaff]).toEqual([true, false])
    session.setMe(me({}, [{ ...role, role: 'street_staff', area_code: '130903001' }]))
    expect([session.staff, session.areaStaff]).toEqual([true, true])
    session.setMe(me({}, [{ ...role, role: 'case_worker' }]))
    expect([session.staff, session.areaStaff]).toEqual([false, false])
  })
  it('never counts below zero', () => {
    const session = useSession()
    session.setMe(me())
    session.setUnread(-1)
    expect(session.unread).toBe(0)
  })
})

describe('preferences', () => {
  it('follow the device first and the person from then on', () => {
    vi.spyOn(uni, 'getSystemInfoSync').mockReturnValue({ language: 'en-GB', fontSizeSetting: 23 } as unknown as UniApp.GetSystemInfoResult)
    const prefs = usePrefs()
    prefs.start()
    expect([language.value, prefs.large]).toEqual(['en', true])
    prefs.setLanguage('zh')
    prefs.setLarge(false)
    setActivePinia(createPinia())
    language.value = 'en'
    usePrefs().start()
    expect([language.value, usePrefs().large]).toEqual(['zh', false])
  })
})

describe('drafts', () => {
  it('outlive the page, but not what they were for', () => {
    useDrafts().keep('order.o1', { complaint: 'cough' })
    setActivePinia(createPinia())
    expect(useDrafts().of('order.o1')).toEqual({ complaint: 'cough' })
    expect(useDrafts().of('order.o2')).toEqual({})
    useDrafts().drop('order.o1')
    setActivePinia(createPinia())
    expect(useDrafts().of('order.o1')).toEqual({})
  })
  it('are forgotten after a week and at logout', () => {
    useDrafts().keep('old', { a: '1' })
    vi.useFakeTimers()
    vi.setSystemTime(Date.now() + 8 * 86_400_000)
    setActivePinia(createPinia())
    expect(useDrafts().of('old')).toEqual({})
    useDrafts().keep('new', { b: '2' })
    useDrafts().dropAll()
    setActivePinia(createPinia())
    expect(useDrafts().of('new')).toEqual({})
    vi.useRealTimers()
  })
})

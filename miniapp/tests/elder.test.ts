import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { useQuestions } from '@/composables/questions'
import { language } from '@/i18n'
import { SIZES, usePrefs } from '@/stores/prefs'
import { useSaid } from '@/stores/said'
import { bookingWay, roomWay } from '@/words/way'

/** A device whose letters are set to this size: 17 is what most people have. */
function device(fontSizeSetting: number) {
  vi.spyOn(uni, 'getSystemInfoSync').mockReturnValue({ language: 'zh-CN', fontSizeSetting } as unknown as UniApp.GetSystemInfoResult)
}
function again() {
  setActivePinia(createPinia())
  const prefs = usePrefs()
  prefs.start()
  return prefs
}

beforeEach(() => {
  uni.removeStorageSync('linli.prefs')
  language.value = 'zh'
  device(17)
})

describe('the size of letters', () => {
  it('follows the device until something is chosen', () => {
    expect([again().large, usePrefs().style]).toEqual([false, '--body:17px'])
    device(20)
    expect([again().large, usePrefs().style]).toEqual([false, '--body:20px'])
    device(23)
    expect([again().large, usePrefs().style]).toEqual([true, '--body:23px'])
    device(36)
    expect([again().large, usePrefs().style]).toEqual([true, '--body:30px'])
  })
  it('is 1.35 times as large where large type alone was chosen', () => {
    again().setLarge(true)
    expect(again().size).toBe(23)
  })
  it('stays as it was chosen on this device, whatever the device says', () => {
    again().setSize(30)
    usePrefs().setLarge(true)
    device(23)
    expect([again().large, usePrefs().style]).toEqual([true, '--body:30px'])
    usePrefs().setLarge(false)
    expect([again().large, usePrefs().style]).toEqual([false, '--body:23px'])
  })
  it('goes from 18 to 30', () => {
    expect([SIZES[0], SIZES[SIZES.length - 1]]).toEqual([18, 30])
  })
})

describe("the profile's wish", () => {
  it('turns large type on on a new device and off again', () => {
    again().follow({ language: 'zh', large: true })
    expect(again().large).toBe(true)
    usePrefs().follow({ language: 'zh', large: false })
    expect(again().large).toBe(false)
  })
  it('gives way to what was said on this device', () => {
    again().setLarge(false)
    usePrefs().follow({ language: 'en', large: true })
    expect([again().large, language.value]).toEqual([false, 'en'])
  })
  it('does not take away what the device itself asks for', () => {
    device(24)
    again().follow({ language: 'zh', large: false })
    expect(usePrefs().large).toBe(true)
  })
})

describe('what is said in passing', () => {
  it('goes away by itself, but in large type only when it is closed or left behind', () => {
    vi.useFakeTimers()
    const prefs = again()
    const said = useSaid()
    said.say('done')
    vi.advanceTimersByTime(60_000)
    expect(said.words).toBe('')

    prefs.setLarge(true)
    said.say('done')
    said.goOn()
    vi.advanceTimersByTime(600_000)
    expect(said.words).toBe('done')
    said.goOn()
    expect(said.words).toBe('')
    said.say('again')
    said.hush()
    expect(said.words).toBe('')
    vi.useRealTimers()
  })
})

describe('the way to a booking', () => {
  const field = { key: 'words', label: { zh: '', en: '' }, example: { zh: '', en: '' }, required: true, max_length: 10 }
  const course = { key: 'c', name: { zh: '', en: '' }, about: { zh: '', en: '' }, steps: [] }
  it('asks only what there is to choose', () => {
    expect(bookingWay({ shape: 'slot', form: [] }, 1)).toEqual(['doctor', 'day', 'time', 'check'])
    expect(bookingWay({ shape: 'slot', form: [field] }, 2)).toEqual(['doctor', 'day', 'time', 'who', 'what', 'check'])
    expect(bookingWay({ shape: 'session', form: [] }, 2)).toEqual(['which', 'who', 'check'])
    expect(bookingWay({ shape: 'resource', form: [] }, 1, 1)).toEqual(['doctor', 'day', 'from', 'to', 'check'])
    expect(roomWay(2)).toEqual(['day', 'unit', 'from', 'to'])
  })
  it('asks for whom before the course, since everybody has their own', () => {
    expect(bookingWay({ shape: 'slot', form: [], courses: [course] }, 2)).toEqual(['doctor', 'who', 'course', 'day', 'time', 'check'])
  })
  it('shows one question at a time in large type, counted over all pages, and everything otherwise', () => {
    const prefs = again()
    const all = ['doctor', 'day', 'time', 'check'] as const
    const questions = useQuestions(() => all, () => ['day', 'time'] as const)
    expect([questions.shows('day'), questions.shows('time'), questions.last, questions.within]).toEqual([true, true, true, false])
    prefs.setLarge(true)
    expect([questions.shows('day'), questions.shows('time'), questions.last]).toEqual([true, false, false])
    questions.next()
    expect([questions.here, questions.step, questions.steps, questions.last, questions.within]).toEqual(['time', 3, 4, true, true])
    questions.next()
    expect(questions.here).toBe('time')
    questions.before()
    questions.before()
    expect([questions.here, questions.within]).toEqual(['day', false])
  })
})

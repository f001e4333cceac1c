import { describe, expect, it } from 'vitest'
import {
  addDays, ageOn, clockOf, clockWord, dayOf, dayWord, instantOf, leftWord, lengthWord, longDate, minuteOf, mondayOf, monthWord, readDay, readTime, spanWord,
  weekdayName, weekdayOf, weekdayWord, whenWord,
} from '@/words/date'
import { maskedPhone, moneyWord, spacedPhone } from '@/words/money'

// Monday 23 November 2026, 16:30 in Shanghai.
const now = Date.UTC(2026, 10, 23, 8, 30)
const at = (day: string, hour: number, minute = 0) => instantOf(day, hour * 60 + minute)

describe('days', () => {
  it('belong to Shanghai, not to the phone', () => {
    expect(dayOf(Date.UTC(2026, 10, 23, 15, 59, 59))).toBe('2026-11-23')
    expect(dayOf(Date.UTC(2026, 10, 23, 16, 0))).toBe('2026-11-24')
    expect(minuteOf(Date.UTC(2026, 10, 23, 16, 5))).toBe(5)
    expect(instantOf('2026-11-24', 0)).toBe(Date.UTC(2026, 10, 23, 16))
  })
  it('count across months, years and leap days', () => {
    expect(addDays('2026-12-31', 1)).toBe('2027-01-01')
    expect(addDays('2028-02-28', 1)).toBe('2028-02-29')
    expect(addDays('2026-03-01', -1)).toBe('2026-02-28')
    expect(weekdayWord('2026-11-24', 'zh')).toBe('周二')
    expect(weekdayWord('1958-03-12', 'en')).toBe('Wed')
  })
  it('belong to a week that begins on Monday', () => {
    expect(weekdayOf('2026-11-23')).toBe(1)
    expect(weekdayOf('2026-11-29')).toBe(7)
    expect(mondayOf('2026-11-29')).toBe('2026-11-23')
    expect(mondayOf('2026-11-23')).toBe('2026-11-23')
    expect(weekdayName(7, 'zh')).toBe('周日')
    expect(weekdayName(1, 'en')).toBe('Mon')
  })
  it('are written out on paper', () => {
    expect(longDate('2026-11-03', 'zh')).toBe('2026年11月3日')
    expect(longDate('2026-11-03', 'en')).toBe('3 November 2026')
    expect(monthWord('2026-11', 'zh')).toBe('11月')
    expect(monthWord('2026-11', 'en')).toBe('November')
  })
  it('are called as people call them', () => {
    expect(dayWord('2026-11-23', '2026-11-23', 'zh')).toBe('今天 周一')
    expect(dayWord('2026-11-25', '2026-11-23', 'zh')).toBe('后天 周三')
    expect(dayWord('2026-11-25', '2026-11-23', 'en')).toBe('Wed 25 Nov')
    expect(dayWord('2026-11-22', '2026-11-23', 'zh')).toBe('11月22日 周日')
    expect(dayWord('2027-01-04', '2026-11-23', 'zh')).toBe('2027年1月4日 周一')
    expect(dayWord('2027-01-04', '2026-11-23', 'en')).toBe('Mon 4 Jan 2027')
  })
})

describe('times', () => {
  it('name the part of the day', () => {
    expect(whenWord(at('2026-11-24', 9, 30), now, 'zh')).toBe('明天 周二 上午9:30')
    expect(whenWord(at('2026-11-24', 9, 30), now, 'en')).toBe('Tomorrow Tue 9:30 am')
    expect(clockWord(0, 'zh')).toBe('凌晨0:00')
    expect(clockWord(0, 'en')).toBe('12:00 am')
    expect(clockWord(12 * 60 + 15, 'zh')).toBe('中午12:15')
    expect(clockWord(14 * 60, 'zh')).toBe('下午2:00')
    expect(clockWord(19 * 60 + 5, 'en')).toBe('7:05 pm')
  })
  it('say a span once', () => {
    expect(spanWord(at('2026-11-24', 9, 30), at('2026-11-24', 9, 45), now, 'zh')).toBe('明天 周二 上午9:30–9:45')
    expect(spanWord(at('2026-11-24', 9, 30), at('2026-11-24', 9, 45), now, 'en')).toBe('Tomorrow Tue 9:30–9:45 am')
    expect(spanWord(at('2026-11-24', 11, 45), at('2026-11-24', 13), now, 'zh')).toBe('明天 周二 上午11:45–下午1:00')
    expect(spanWord(at('2026-11-24', 11, 45), at('2026-11-24', 13), now, 'en')).toBe('Tomorrow Tue 11:45 am – 1:00 pm')
  })
  it('say how long', () => {
    expect(lengthWord(45, 'zh')).toBe('45分钟')
    expect(lengthWord(120, 'zh')).toBe('2小时')
    expect(lengthWord(90, 'zh')).toBe('1小时30分')
    expect(lengthWord(90, 'en')).toBe('1 h 30 min')
    expect(lengthWord(60, 'en')).toBe('1 h')
  })
  it('are read as typed, and written as the server does', () => {
    for (const typed of ['21:30', '21：30', '2130', ' 21.30 ', '21点30分']) expect(readTime(typed)).toBe('21:30')
    expect(readTime('9:05')).toBe('09:05')
    for (const typed of ['', '24:00', '9', '9:60', 'abc']) expect(readTime(typed)).toBeUndefined()
    expect(clockOf(1_439)).toBe('23:59')
  })
  it('count down without going below zero', () => {
    expect(leftWord(725_000, 'zh')).toBe('12分05秒')
    expect(leftWord(725_000, 'en')).toBe('12 min 05 s')
    expect(leftWord(3_900_000, 'zh')).toBe('1小时05分')
    expect(leftWord(90_000_000, 'zh')).toBe('1天1小时')
    expect(leftWord(-5, 'zh')).toBe('0秒')
  })
})

describe('birth dates', () => {
  it('are read as typed', () => {
    for (const typed of ['1958-03-12', '1958-3-12', '1958.3.12', '1958年3月12日', '19580312', ' 1958/03/12 ']) expect(readDay(typed)).toBe('1958-03-12')
  })
  it('must be real days', () => {
    for (const typed of ['', '1958', '1958-13-01', '2026-02-29', '12/03/1958', 'abc']) expect(readDay(typed)).toBeUndefined()
  })
  it('give whole years', () => {
    expect(ageOn('1966-11-24', '2026-11-23')).toBe(59)
    expect(ageOn('1966-11-23', '2026-11-23')).toBe(60)
  })
})

describe('money and phones', () => {
  it('are written as people read them', () => {
    expect(moneyWord(1250, 'zh')).toBe('¥12.50')
    expect(moneyWord(5, 'zh')).toBe('¥0.05')
    expect(moneyWord(123_456_700, 'en')).toBe('¥1,234,567.00')
    expect(moneyWord(-300, 'zh')).toBe('-¥3.00')
    expect(moneyWord(0, 'zh')).toBe('免费')
    expect(moneyWord(0, 'en')).toBe('Free')
    expect(maskedPhone('13800138000')).toBe('138****8000')
    expect(spacedPhone('13800138000')).toBe('138 0013 8000')
    expect(spacedPhone('0317-1234567')).toBe('0317-1234567')
  })
})

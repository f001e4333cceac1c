import type { Language } from '@/i18n'

// Dates as people say them. The district lives in one time zone without summer time, whatever zone the phone is set to.

/** An instant: milliseconds since 1970 UTC. The server writes instants as RFC 3339; `momentOf` reads them. */
export type Moment = number
/** A day in Asia/Shanghai: `2026-11-24`. */
export type Day = string

const MILLIS_PER_MINUTE = 60_000
const MILLIS_PER_DAY = 1_440 * MILLIS_PER_MINUTE
const OFFSET = 480 * MILLIS_PER_MINUTE

const weekdays: Record<Language, readonly string[]> = {
  zh: ['周日', '周一', '周二', '周三', '周四', '周五', '周六'],
  en: ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat'],
}
const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec'] as const
const longMonths = [
  'January', 'February', 'March', 'April', 'May', 'June', 'July', 'August', 'September', 'October', 'November', 'December',
] as const
const nearDays: Record<Language, readonly string[]> = {
  zh: ['今天', '明天', '后天'],
  en: ['Today', 'Tomorrow'],
}

/** Days since 1970 of a local day; `NaN` when it is no date. */
function dayNumber(day: Day): number {
  const [year, month, date] = day.split('-').map(Number)
  if (year === undefined || month === undefined || date === undefined) return NaN
  return Date.UTC(year, month - 1, date) / MILLIS_PER_DAY
}

/** The moment the server wrote as RFC 3339. */
export function momentOf(written: string): Moment {
  return Date.parse(written)
}

/** The local day an instant falls on. */
export function dayOf(at: Moment): Day {
  return new Date(at + OFFSET).toISOString().slice(0, 10)
}

/** Minutes since local midnight. */
export function minuteOf(at: Moment): number {
  return Math.floor(((at + OFFSET) % MILLIS_PER_DAY) / MILLIS_PER_MINUTE)
}

/** The instant of a minute of a local day. */
export function instantOf(day: Day, minute: number): Moment {
  return dayNumber(day) * MILLIS_PER_DAY + minute * MILLIS_PER_MINUTE - OFFSET
}

/** The day `count` days later, or earlier when negative. */
export function addDays(day: Day, count: number): Day {
  return new Date((dayNumber(day) + count) * MILLIS_PER_DAY).toISOString().slice(0, 10)
}

/** 周二 / Tue */
export function weekdayWord(day: Day, language: Language): string {
  return weekdays[language][(((dayNumber(day) + 4) % 7) + 7) % 7] ?? ''
}

/** 1 (Monday) to 7 (Sunday). */
export function weekdayOf(day: Day): number {
  return ((((dayNumber(day) + 3) % 7) + 7) % 7) + 1
}

/** The Monday of a day's week. */
export function mondayOf(day: Day): Day {
  return addDays(day, 1 - weekdayOf(day))
}

/** 周二 / Tue, by the number of the weekday: 1 (Monday) to 7 (Sunday). */
export function weekdayName(weekday: number, language: Language): string {
  return weekdays[language][weekday % 7] ?? ''
}

/** 11月 / November, of `2026-11` or any day in it. */
export function monthWord(month: string, language: Language): string {
  const number = Number(month.slice(5, 7))
  return language === 'zh' ? `${number}月` : (longMonths[number - 1] ?? '')
}

/** 11月24日 / 24 Nov; with the year when it is not this year's. */
export function dateWord(day: Day, today: Day, language: Language): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  const otherYear = day.slice(0, 4) !== today.slice(0, 4)
  if (language === 'zh') return `${otherYear ? `${year}年` : ''}${month}月${date}日`
  return `${date} ${months[month - 1]}${otherYear ? ` ${year}` : ''}`
}

/** The ends of some days, the month named once where it is one: 11月23日 and 29日 / 23 and 29 Nov. */
export function rangeWords(from: Day, to: Day, today: Day, language: Language): { from: string; to: string } {
  const [first, last] = [dateWord(from, today, language), dateWord(to, today, language)]
  if (from.slice(0, 7) !== to.slice(0, 7)) return { from: first, to: last }
  return language === 'zh' ? { from: first, to: last.replace(/^.*月/, '') } : { from: first.replace(/ .*$/, ''), to: last }
}

/** 2026年11月24日 / 24 November 2026: on paper the year always stands. */
export function longDate(day: Day, language: Language): string {
  const [year, month, date] = day.split('-').map(Number) as [number, number, number]
  return language === 'zh' ? `${year}年${month}月${date}日` : `${date} ${longMonths[month - 1]} ${year}`
}

/** 今天, 明天, 后天 / Today, Tomorrow; else nothing. */
export function nearWord(day: Day, today: Day, language: Language): string | undefined {
  return nearDays[language][dayNumber(day) - dayNumber(today)]
}

/** 明天 周二 / Tomorrow Tue; farther away 11月30日 周一 / Mon 30 Nov. */
export function dayWord(day: Day, today: Day, language: Language): string {
  const weekday = weekdayWord(day, language)
  const near = nearWord(day, today, language)
  if (near) return `${near} ${weekday}`
  const date = dateWord(day, today, language)
  return language === 'zh' ? `${date} ${weekday}` : `${weekday} ${date}`
}

function partOfDay(hour: number): string {
  if (hour < 6) return '凌晨'
  if (hour < 12) return '上午'
  if (hour < 13) return '中午'
  if (hour < 18) return '下午'
  return '晚上'
}

/** 上午9:30, 下午2:00 / 9:30 am, 2:00 pm */
export function clockWord(minute: number, language: Language): string {
  const hour = Math.floor(minute / 60) % 24
  const clock = `${hour % 12 || 12}:${String(minute % 60).padStart(2, '0')}`
  if (language === 'en') return `${clock} ${hour < 12 ? 'am' : 'pm'}`
  // Midnight is read as zero, not as twelve, in Chinese.
  return `${partOfDay(hour)}${hour === 0 ? clock.replace('12', '0') : clock}`
}

/** 明天 周二 上午9:30 / Tomorrow Tue 9:30 am */
export function whenWord(at: Moment, now: Moment, language: Language): string {
  return `${dayWord(dayOf(at), dayOf(now), language)} ${clockWord(minuteOf(at), language)}`
}

/** 明天 周二 上午9:30–9:45 / Tomorrow Tue 9:30–9:45 am */
export function spanWord(from: Moment, to: Moment, now: Moment, language: Language): string {
  const start = whenWord(from, now, language)
  if (to <= from) return start
  if (dayOf(from) !== dayOf(to)) return `${start} – ${whenWord(to, now, language)}`
  const end = clockWord(minuteOf(to), language)
  if (language === 'zh') {
    const half = /^\D+/.exec(end)?.[0] ?? ''
    return start.includes(half) ? `${start}–${end.slice(half.length)}` : `${start}–${end}`
  }
  const half = end.slice(-3)
  return start.endsWith(half) ? `${start.slice(0, -3)}–${end}` : `${start} – ${end}`
}

/** 12分05秒 / 12 min 05 s; hours and days where there are some; never below zero. */
export function leftWord(millis: number, language: Language): string {
  const seconds = Math.max(0, Math.ceil(millis / 1_000))
  const [days, hours, minutes, rest] = [
    Math.floor(seconds / 86_400), Math.floor((seconds % 86_400) / 3_600), Math.floor((seconds % 3_600) / 60), seconds % 60,
  ]
  const two = (n: number) => String(n).padStart(2, '0')
  if (language === 'zh') {
    if (days) return `${days}天${hours}小时`
    if (hours) return `${hours}小时${two(minutes)}分`
    return minutes ? `${minutes}分${two(rest)}秒` : `${rest}秒`
  }
  if (days) return `${days} d ${hours} h`
  if (hours) return `${hours} h ${two(minutes)} min`
  return minutes ? `${minutes} min ${two(rest)} s` : `${rest} s`
}

/** 1小时30分 / 1 h 30 min: how long something lasts, from minutes. */
export function lengthWord(minutes: number, language: Language): string {
  const [hours, rest] = [Math.floor(minutes / 60), minutes % 60]
  if (language === 'zh') return `${hours ? `${hours}小时` : ''}${rest || !hours ? `${rest}${hours ? '分' : '分钟'}` : ''}`
  return [hours ? `${hours} h` : '', rest || !hours ? `${rest} min` : ''].filter(Boolean).join(' ')
}

/** 2天3小时, 2天, 1小时30分, 5分钟: how long until something that is promised, or since; nobody counts the seconds of a day. */
export function roughWord(millis: number, language: Language): string {
  const minutes = Math.max(1, Math.ceil(millis / MILLIS_PER_MINUTE))
  const [days, hours] = [Math.floor(minutes / 1_440), Math.floor((minutes % 1_440) / 60)]
  if (days === 0) return lengthWord(minutes, language)
  if (language === 'zh') return `${days}天${hours ? `${hours}小时` : ''}`
  return `${days} d${hours ? ` ${hours} h` : ''}`
}

/** 9:30 → `09:30`, as the server writes a time of the day. */
export function clockOf(minute: number): string {
  return `${String(Math.floor(minute / 60)).padStart(2, '0')}:${String(minute % 60).padStart(2, '0')}`
}

/** Whole years lived on a day. */
export function ageOn(birth: Day, day: Day): number {
  const years = Number(day.slice(0, 4)) - Number(birth.slice(0, 4))
  return day.slice(5) < birth.slice(5) ? years - 1 : years
}

/** `1958-03-12` from what a person types (1958-3-12, 1958.03.12, 1958年3月12日, 19580312); nothing when it is no real day. */
export function readDay(typed: string): Day | undefined {
  const match = /^\s*(\d{4})\s*[-./年]?\s*(\d{1,2})\s*[-./月]?\s*(\d{1,2})\s*日?\s*$/.exec(typed)
  if (!match) return undefined
  const [, year, month, date] = match as unknown as [string, string, string, string]
  const day = `${year}-${month.padStart(2, '0')}-${date.padStart(2, '0')}`
  const number = dayNumber(day)
  return Number.isFinite(number) && new Date(number * MILLIS_PER_DAY).toISOString().slice(0, 10) === day ? day : undefined
}

/** `09:00` from what is typed (9:00, 900, 9点30, 9：30); nothing when it is no time of the day. */
export function readTime(typed: string): string | undefined {
  const match = /^\s*(\d{1,2})\s*(?:[点时]\s*(\d{1,2})?|[:：.]\s*(\d{2}))\s*分?\s*$/.exec(typed) ?? /^\s*(\d{1,2})(\d{2})\s*$/.exec(typed)
  if (!match) return undefined
  const [hour, minute] = [Number(match[1]), Number(match[2] ?? match[3] ?? 0)]
  if (hour > 23 || minute > 59) return undefined
  return clockOf(hour * 60 + minute)
}

/** The end of a time as it is typed: midnight is the end of the day, `24:00`. */
export function readEnd(typed: string): string | undefined {
  const read = readTime(typed)
  return read === '00:00' || /^\s*24\s*(?:[:：.点时]\s*(?:00?)?)?\s*$/.test(typed) ? '24:00' : read
}

/** Minutes since midnight of `HH:MM`. */
export function readClock(clock: string): number {
  const [hour, minute] = clock.split(':').map(Number)
  return (hour ?? 0) * 60 + (minute ?? 0)
}

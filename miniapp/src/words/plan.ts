import type { Language } from '@/i18n'
import { addDays, clockOf, instantOf, readClock, weekdayWord, type Day } from './date'

// Weeks, weekly patterns and times of the day, as those who plan them write and read them.

/** A Monday, to name the days of the week after. */
const MONDAY: Day = '2024-01-01'

/** The instant of a local day and clock, as the server wants it; empty while either is no real one. */
export function instantText(day: Day, clock: string): string {
  const at = instantOf(day, readClock(clock))
  return Number.isFinite(at) ? new Date(at).toISOString().replace('.000Z', 'Z') : ''
}

/** 周一、周三 / Mon, Wed; a whole run as 周一至周五 / Mon–Fri. */
export function weekdayWords(weekdays: readonly number[], language: Language): string {
  const sorted = [...new Set(weekdays)].sort((a, b) => a - b)
  const name = (weekday: number) => weekdayWord(addDays(MONDAY, weekday - 1), language)
  const [first, last] = [sorted[0], sorted[sorted.length - 1]]
  if (first === undefined || last === undefined) return ''
  if (sorted.length > 2 && last - first === sorted.length - 1) return `${name(first)}${language === 'zh' ? '至' : '–'}${name(last)}`
  return sorted.map(name).join(language === 'zh' ? '、' : ', ')
}

/** One part of a week: its days, from when to when, cut into places of so many minutes. */
export interface Line {
  weekdays: number[]
  from: string
  to: string
  slot_minutes: number
  capacity: number
}

/** The times a line gives on each of its days; what does not fill a whole place is left over. */
export function timesOf(line: Line): { times: string[]; leftOver: number } {
  const [from, to] = [readClock(line.from), readClock(line.to)]
  if (!(line.slot_minutes > 0) || to <= from) return { times: [], leftOver: 0 }
  const count = Math.floor((to - from) / line.slot_minutes)
  return {
    times: Array.from({ length: count }, (_unused, index) => clockOf(from + index * line.slot_minutes)),
    leftOver: to - from - count * line.slot_minutes,
  }
}

/** Two lines that give the same minutes of the same weekday; nothing when all fit side by side. */
export function overlap(lines: readonly Line[]): [number, number] | undefined {
  for (let a = 0; a < lines.length; a += 1) {
    for (let b = a + 1; b < lines.length; b += 1) {
      const [one, other] = [lines[a] as Line, lines[b] as Line]
      const same = one.weekdays.some((weekday) => other.weekdays.includes(weekday))
      if (same && readClock(one.from) < readClock(other.to) && readClock(other.from) < readClock(one.to)) return [a, b]
    }
  }
  return undefined
}

/** Fen of what is typed as yuan (12, 12.5, ¥12.50); nothing when it is no amount. */
export function readMoney(typed: string): number | undefined {
  const match = /^\s*[¥￥]?\s*(\d{1,6})(?:\.(\d{1,2}))?\s*元?\s*$/.exec(typed)
  return match ? Number(match[1]) * 100 + Number((match[2] ?? '').padEnd(2, '0')) : undefined
}

/** Fen as one types yuan: 12.5 → 12.50. */
export function writeMoney(fen: number): string {
  return fen % 100 === 0 ? String(fen / 100) : (fen / 100).toFixed(2)
}

/** A whole number from what is typed; nothing when it is none. */
export function readCount(typed: string): number | undefined {
  return /^\s*\d{1,7}\s*$/.test(typed) ? Number(typed) : undefined
}

import type { WorkerHours } from '@/api/provider'
import type { Language, TextKey } from '@/i18n'
import { readClock, readEnd, readTime } from '@/words/date'
import { weekdayWords } from '@/words/plan'

// The hours of a week: the same times on some of its days, as people say them; the server keeps them day by day.

/** From when to when, on those weekdays (1 is Monday), as it is typed. */
export interface HoursRow {
  weekdays: number[]
  from: string
  to: string
}

/** The shortest time the server takes. Minutes. */
const SHORTEST = 30

/** Usual hours, to begin with. */
export const usualRows = (): HoursRow[] => [{ weekdays: [1, 2, 3, 4, 5], from: '08:00', to: '18:00' }]

/** Days with the same times on one line, in the order of their first day. */
export function rowsOf(hours: WorkerHours): HoursRow[] {
  const rows: HoursRow[] = []
  for (const weekday of Object.keys(hours).map(Number).sort((a, b) => a - b)) {
    for (const { from, to } of hours[String(weekday)] ?? []) {
      const same = rows.find((row) => row.from === from && row.to === to)
      if (same) same.weekdays.push(weekday)
      else rows.push({ weekdays: [weekday], from, to })
    }
  }
  return rows
}

/** The same day by day, as the server keeps them; lines that cannot be read are left out. */
export function hoursOf(rows: readonly HoursRow[]): WorkerHours {
  const hours: WorkerHours = {}
  for (const row of rows) {
    const [from, to] = [readTime(row.from), readEnd(row.to)]
    if (!from || !to) continue
    for (const weekday of row.weekdays) hours[String(weekday)] = [...(hours[String(weekday)] ?? []), { from, to }]
  }
  for (const spans of Object.values(hours)) spans.sort((a, b) => (a.from < b.from ? -1 : 1))
  return hours
}

/** What is wrong with a line, alone or beside those before it. */
export function wrongRow(rows: readonly HoursRow[], index: number): { field: 'weekdays' | 'from' | 'to'; words: TextKey } | undefined {
  const row = rows[index]
  if (!row) return undefined
  const [from, to] = [readTime(row.from), readEnd(row.to)]
  if (row.weekdays.length === 0) return { field: 'weekdays', words: 'plan.wrong.weekdays' }
  if (!from) return { field: 'from', words: 'plan.wrong.time' }
  if (!to) return { field: 'to', words: 'plan.wrong.time' }
  if (readClock(to) - readClock(from) < SHORTEST) return { field: 'to', words: 'apply.hours.short' }
  const meets = rows.slice(0, index).some((other) => {
    const [start, end] = [readTime(other.from), readEnd(other.to)]
    const days = other.weekdays.some((weekday) => row.weekdays.includes(weekday))
    return days && start !== undefined && end !== undefined && start < to && from < end
  })
  return meets ? { field: 'from', words: 'apply.hours.meet' } : undefined
}

/** 周一至周五 08:00–18:00 · 周六 09:00–12:00 */
export const hoursWords = (hours: WorkerHours, language: Language): string =>
  rowsOf(hours).map(({ weekdays, from, to }) => `${weekdayWords(weekdays, language)} ${from}–${to}`).join('\n')

import type { DayOff } from '@/api/provider'
import { addDays, weekdayOf, type Day } from '@/words/date'

// Days off on a calendar, and as people say them.

/** How far ahead days off are taken, and how many. */
export const AHEAD_DAYS = 365
export const MOST_DAYS = 100

/** `2026-11` of a day. */
export const monthOf = (day: Day): string => day.slice(0, 7)

/** The month so many months later. */
export function monthAfter(month: string, count: number): string {
  const months = Number(month.slice(0, 4)) * 12 + Number(month.slice(5, 7)) - 1 + count
  return `${Math.floor(months / 12)}-${String((months % 12) + 1).padStart(2, '0')}`
}

/** The days of a month in weeks that begin on Monday; nothing where a week begins or ends in another month. */
export function weeksOf(month: string): (Day | undefined)[][] {
  const first = `${month}-01`
  const cells: (Day | undefined)[] = Array.from({ length: weekdayOf(first) - 1 }, () => undefined)
  for (let day = first; monthOf(day) === month; day = addDays(day, 1)) cells.push(day)
  while (cells.length % 7 !== 0) cells.push(undefined)
  return Array.from({ length: cells.length / 7 }, (_unused, week) => cells.slice(week * 7, week * 7 + 7))
}

/** Days in a row with the same reason as one stretch. */
export function stretchesOf(days: readonly DayOff[]): { from: Day; to: Day; reason: string }[] {
  const stretches: { from: Day; to: Day; reason: string }[] = []
  for (const { day, reason = '' } of [...days].sort((a, b) => (a.day < b.day ? -1 : 1))) {
    const last = stretches[stretches.length - 1]
    if (last && addDays(last.to, 1) === day && last.reason === reason) last.to = day
    else stretches.push({ from: day, to: day, reason })
  }
  return stretches
}

/** The days with one turned on, with the reason, or off. */
export function turned(days: readonly DayOff[], day: Day, reason: string): DayOff[] {
  if (days.some((one) => one.day === day)) return days.filter((one) => one.day !== day)
  const said = reason.trim()
  return [...days, { day, ...(said && { reason: said }) }].sort((a, b) => (a.day < b.day ? -1 : 1))
}

/** Whether two lists of days say the same. */
export const sameDays = (one: readonly DayOff[], other: readonly DayOff[]): boolean => {
  const written = (days: readonly DayOff[]) => days.map(({ day, reason = '' }) => `${day} ${reason}`).sort().join('\n')
  return written(one) === written(other)
}

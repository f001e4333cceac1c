import { addDays, type Day } from '@/words/date'

/** `2026-11` of a day. */
export function monthOf(day: Day): string {
  return day.slice(0, 7)
}

/** The seven days of a week that begins on that Monday. */
export function daysOf(week: Day): Day[] {
  return Array.from({ length: 7 }, (_unused, index) => addDays(week, index))
}

/** `2026-W48`, as the ISO counts weeks: the one with the year's first Thursday is the first. */
export function weekText(week: Day): string {
  const thursday = addDays(week, 3)
  const year = thursday.slice(0, 4)
  const first = new Date(`${year}-01-01T00:00:00Z`).getTime()
  const number = Math.floor((new Date(`${thursday}T00:00:00Z`).getTime() - first) / (7 * 86_400_000)) + 1
  return `${year}-W${String(number).padStart(2, '0')}`
}

import type { CourseView } from '@/api/types'
import { t } from '@/i18n'
import { dayOf } from './date'
import { shortDay } from './say'

/** The course of that key somebody is on, else the one they finished. */
export function courseOf(courses: readonly CourseView[], key: string | undefined): CourseView | undefined {
  const same = courses.filter((course) => course.key === key)
  return same.find(({ state }) => state === 'active') ?? same.find(({ state }) => state === 'done')
}

/** When the next visit may be: from, by, or that it is late already. */
export function windowWords(next: { earliest?: string; latest?: string }, now: number): string {
  const today = dayOf(now)
  const { earliest, latest } = next
  if (latest !== undefined && latest < today) return t('courses.window.late', { day: shortDay(latest, now) })
  const open = earliest === undefined || earliest <= today
  if (open) return latest === undefined ? t('courses.window.now') : t('courses.window.by', { day: shortDay(latest, now) })
  const from = shortDay(earliest, now)
  return latest === undefined ? t('courses.window.from', { day: from }) : t('courses.window.between', { from, to: shortDay(latest, now) })
}

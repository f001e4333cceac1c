import type { Offering } from '@/api/types'
import { t } from '@/i18n'
import { day } from '@/words/say'

/** When the next place is to be had: 最近 明天 周二. */
export function nextWords(offering: Offering, now: number): string {
  if (offering.next) return t('offerings.next', { day: day(offering.next.day, now) })
  return offering.rules.line ? t('offerings.next.line') : t('offerings.next.none')
}

import type { Area, Offering } from '@/api/types'
import { t } from '@/i18n'
import { day } from '@/words/say'

/** How close a place is by the register: 0 in one's own community, 1 under the same street office, 2 elsewhere. */
export function closeness(placeCode: string, home: Area | undefined): 0 | 1 | 2 {
  if (home === undefined) return 2
  if (placeCode === home.code) return 0
  // Nine digits name the street office, three more the community.
  return placeCode.slice(0, 9) === home.code.slice(0, 9) ? 1 : 2
}

/** When the next place is to be had: 最近 明天 周二. */
export function nextWords(offering: Offering, now: number): string {
  if (offering.next) return t('offerings.next', { day: day(offering.next.day, now) })
  return offering.rules.line ? t('offerings.next.line') : t('offerings.next.none')
}

import type { Found, FoundWhat, Left } from '@/api/types'
import { t } from '@/i18n'
import { call, go } from '@/navigation'
import { day, distance, leftWords, money } from '@/words/say'

/** What people look for first comes first. */
const ORDER: readonly FoundWhat[] = ['kind', 'session', 'offering', 'place', 'organisation']

/** Finds by what they are; within each the server's order stays. */
export function byWhat(items: readonly Found[]): { what: FoundWhat; items: Found[] }[] {
  return ORDER.map((what) => ({ what, items: items.filter((item) => item.what === what) })).filter((group) => group.items.length > 0)
}

// How many exactly is told where one books: here it may change while one reads.
function leftWord(left: Left): string {
  if (left === 'many') return t('left.many.day')
  return left === 'few' ? t('left.few.day') : leftWords({ left, free: 0, waiting: 0 })
}

/** How far, when next, how much: whatever is known. */
export function factsOf(found: Found, now: number): string {
  const next = found.next && `${day(found.next.day, now)} ${leftWord(found.next.left)}`
  return [
    found.distance_m !== undefined ? distance(found.distance_m) : '',
    next,
    found.price_fen !== undefined ? money(found.price_fen) : '',
  ].filter(Boolean).join(' · ')
}

/** Opens what was found; what is arranged by phone is called. */
export function openFound(found: Pick<Found, 'what' | 'id'> & { phone?: string }): void {
  if (found.phone) return call(found.phone)
  switch (found.what) {
    case 'kind':
      return go('offerings', { kind: found.id })
    case 'offering':
      return go('offering', { id: found.id })
    case 'session':
      return go('session', { id: found.id })
    default:
      return go('place', { what: found.what, id: found.id })
  }
}

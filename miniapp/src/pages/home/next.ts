import type { Order } from '@/api/types'
import { momentOf } from '@/words/date'
import { timeOf } from '@/words/meeting'

/** What needs the person first: a place held for them, then a visit under way, then what comes soonest; the line comes last. */
const urgency: Partial<Record<Order['state'], number>> = { held: 0, underway: 1, confirmed: 2, requested: 2, reopened: 2, fulfilled: 3, waiting: 4 }

/** The one booking to show on the home page. */
export function soonest(orders: readonly Order[], now: number): Order | undefined {
  return [...orders].sort(
    (a, b) => (urgency[a.state] ?? 9) - (urgency[b.state] ?? 9) || momentOf(timeOf(a, now).start) - momentOf(timeOf(b, now).start),
  )[0]
}

import type { DeskOrder } from '@/api/types'
import { momentOf } from '@/words/date'

/** The parts of a day's list, in the order a desk needs them. */
export type GroupKey = 'called' | 'waiting' | 'expected' | 'missed' | 'line' | 'over'

const order: readonly GroupKey[] = ['called', 'waiting', 'expected', 'missed', 'line', 'over']

/** Where a booking belongs: being served, here and waiting, not here yet, called in vain, in line for a place, over. */
export function groupOf(item: DeskOrder): GroupKey {
  switch (item.ticket?.state) {
    case 'called':
      return 'called'
    case 'waiting':
      return 'waiting'
    case 'missed':
      return 'missed'
    case 'done':
      return 'over'
    default:
  }
  if (item.state === 'waiting' || item.state === 'held') return 'line'
  return item.state === 'confirmed' || item.state === 'requested' || item.state === 'underway' ? 'expected' : 'over'
}

/** The day's list in groups; those here by number, the others by time. Empty groups are left out. */
export function grouped(items: readonly DeskOrder[]): { key: GroupKey; items: DeskOrder[] }[] {
  const sorted = [...items].sort(
    (a, b) => (a.ticket?.number ?? 0) - (b.ticket?.number ?? 0) || momentOf(a.start) - momentOf(b.start),
  )
  return order.map((key) => ({ key, items: sorted.filter((item) => groupOf(item) === key) })).filter((group) => group.items.length > 0)
}

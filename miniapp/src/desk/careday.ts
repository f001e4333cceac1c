import type { Attendee, Presence } from '@/api/staff'

/** Where people of the day care are, in the order in which they need looking after. */
const order: readonly Presence[] = ['missing', 'expected', 'there', 'gone', 'not_come']

/** How many are where. */
export function careCounts(items: readonly Pick<Attendee, 'presence'>[]): { key: Presence; count: number }[] {
  return order.map((key) => ({ key, count: items.filter((item) => item.presence === key).length }))
}

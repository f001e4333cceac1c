import type { Order } from '@/api/types'
import { t } from '@/i18n'
import { timeOf } from './meeting'
import { span } from './say'

/** States in which it is still to come. */
const AHEAD: readonly Order['state'][] = ['requested', 'confirmed', 'underway', 'reopened']

/** When a booking is, in a list: somebody asked for at once comes as soon as possible, not from nine to one. */
export function whenOf(order: Order, now: number): string {
  if (order.visit?.is_now && AHEAD.includes(order.state)) return t('visit.when.now')
  const { start, end } = timeOf(order, now)
  return span(start, end, now)
}

/** What needs the person to do something; what is settled; what waits for others. */
export type Group = 'yours' | 'coming' | 'waiting'
const YOURS: readonly string[] = ['accept', 'agree', 'agree_quote']

export function groupOf(order: Pick<Order, 'state' | 'actions'>): Group {
  if (order.actions.some((action) => YOURS.includes(action))) return 'yours'
  return order.state === 'requested' || order.state === 'waiting' ? 'waiting' : 'coming'
}

/** The bookings of a list by what they wait for; a group without any is left out. */
export function grouped<O extends Pick<Order, 'state' | 'actions'>>(orders: readonly O[]): { group: Group; orders: O[] }[] {
  return (['yours', 'coming', 'waiting'] as const).map((group) => ({ group, orders: orders.filter((order) => groupOf(order) === group) })).filter(({ orders: some }) => some.length > 0)
}

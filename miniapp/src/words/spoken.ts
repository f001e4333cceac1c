import type { Order } from '@/api/types'
import { t } from '@/i18n'
import { timeOf } from './meeting'
import { say, span } from './say'

/** A booking for somebody who hears it: its state, what, when, where, what comes next, and the code one digit at a time. */
export function spokenOrder(order: Order, now: number): string {
  const time = timeOf(order, now)
  const words = t('order.spoken', {
    state: say(order.visit?.state_words ?? order.state_words),
    what: say(order.title ?? order.kind_name),
    when: span(time.start, time.end, now),
    where: say(order.place.name),
    next: say(order.next_step),
  })
  return order.check_in_code ? t('order.spoken.code', { words, code: order.check_in_code.split('').join(' ') }) : words
}

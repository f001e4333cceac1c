import type { Order } from '@/api/types'
import { momentOf } from './date'

/** When a booking is next of interest: of a term its next meeting, else its own time. */
export function timeOf(order: Pick<Order, 'start' | 'end' | 'session'>, now: number): { start: string; end: string } {
  const meetings = (order.session?.meetings ?? []).filter((meeting) => meeting.cancelled === undefined && meeting.state !== 'cancelled' && momentOf(meeting.end) > now)
  return meetings.sort((a, b) => momentOf(a.start) - momentOf(b.start))[0] ?? order
}

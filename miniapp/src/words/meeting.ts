import type { Order, Words } from '@/api/types'
import { momentOf } from './date'
import { say } from './say'

/** A date of a session as a list shows it: of everybody's session, or of one's own seat with what was attended. */
export interface MeetingLine {
  id: string
  number: number
  start: string
  end: string
  topic?: Words
  /** `cancelled` when it will not take place; one's own seat says only why. */
  state?: string
  reason?: string
  cancelled?: string
  mark?: string
}

export const isOff = (meeting: MeetingLine): boolean => meeting.state === 'cancelled' || meeting.cancelled !== undefined

/** When a booking is next of interest: of a term its next meeting, else its own time. */
export function timeOf(order: Pick<Order, 'start' | 'end' | 'session'>, now: number): { start: string; end: string } {
  const meetings = (order.session?.meetings ?? []).filter((meeting) => !isOff(meeting) && momentOf(meeting.end) > now)
  return meetings.sort((a, b) => momentOf(a.start) - momentOf(b.start))[0] ?? order
}

/** Where a booking takes place: of somebody who comes, at the door they come to. */
export const placeOf = ({ place, visit }: Pick<Order, 'place' | 'visit'>): string => (visit ? visit.address.text : say(place.name))

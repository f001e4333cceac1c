import type { Overview } from '@/api/staff'
import type { Words } from '@/api/types'
import { momentOf } from '@/words/date'

/** One line of a day's sheet: a meeting of an event, or the use of a room. */
export interface SheetLine {
  key: string
  start: string
  end: string
  title: Words
  place?: Words
  /** Who uses the room. */
  who?: string
  session?: string
  offering?: string
  booked?: number
  present?: number
}

/** Everything of the day that has its own time, in the order in which it begins; at the same time the one that ends first. */
export function daySheet(overview: Pick<Overview, 'meetings' | 'rooms'>): SheetLine[] {
  const meetings = overview.meetings.map((meeting) => ({
    key: `${meeting.session_id} ${meeting.start}`,
    start: meeting.start,
    end: meeting.end,
    title: meeting.title,
    place: meeting.place,
    session: meeting.session_id,
    booked: meeting.booked,
    present: meeting.present,
  }))
  const rooms = overview.rooms.flatMap(({ offering, items }) =>
    items.map((item, index) => ({
      key: `${offering.id} ${item.start} ${index}`,
      start: item.start,
      end: item.end,
      title: item.unit ?? offering.kind_name,
      place: offering.place.name,
      who: item.subject_name,
      offering: offering.id,
    })),
  )
  return [...meetings, ...rooms].sort((a, b) => momentOf(a.start) - momentOf(b.start) || momentOf(a.end) - momentOf(b.end))
}

import type { Kind } from '@/api/types'
import type { RoomQuestion } from '@/components/room/range'

/** What may be asked on the way to a booking. */
export type BookingQuestion = 'doctor' | 'which' | 'who' | 'course' | RoomQuestion | 'time' | 'what' | 'check'

/** What is asked about a room, of which there are so many. */
export const roomWay = (units: number): RoomQuestion[] => (units > 1 ? ['day', 'unit', 'from', 'to'] : ['day', 'from', 'to'])

/**
 * What is asked on the way to a booking of this kind, in order. For whom is asked only where there is a choice; before a course,
 * since everybody has their own. `units` says how many rooms there are to choose from.
 */
export function bookingWay(kind: Pick<Kind, 'shape' | 'form'> & Partial<Pick<Kind, 'courses'>> | undefined, people: number, units = 0): BookingQuestion[] {
  const who: BookingQuestion[] = people > 1 ? ['who'] : []
  const end: BookingQuestion[] = kind?.form.length ? ['what', 'check'] : ['check']
  if (kind?.shape === 'session') return ['which', ...who, ...end]
  if (kind?.shape === 'resource') return ['doctor', ...roomWay(units), ...who, ...end]
  if (kind?.courses?.length) return ['doctor', ...who, 'course', 'day', 'time', ...end]
  return ['doctor', 'day', 'time', ...who, ...end]
}

import type { FreeDay } from '@/api/staff'
import type { DeskOrder, Words } from '@/api/types'
import { minuteOf, momentOf, readClock } from '@/words/date'

/** One use of a room: by whom, where the desk may know, and its state in words. */
export interface Use {
  start: string
  end: string
  who?: string
  state?: Words
}

export interface Room {
  key: string
  name?: Words
  uses: Use[]
  /** The busy parts of the opening hours, from 0 to 1. */
  parts: { from: number; to: number }[]
}

export interface RoomDay {
  holiday?: Words
  /** From the first opening to the last closing, in minutes; none when it stays closed. */
  hours?: { from: number; to: number }
  rooms: Room[]
}

const over = new Set(['cancelled', 'rejected', 'expired', 'waiting'])

/** The rooms of a day: the calendar tells what is busy, the bookings who it is. A booking without a room stands in the first line. */
export function roomDay(free: FreeDay, orders: readonly DeskOrder[]): RoomDay {
  const from = Math.min(...free.open.map((part) => readClock(part.from)))
  const to = Math.max(...free.open.map((part) => readClock(part.to)))
  const hours = free.open.length > 0 && to > from ? { from, to } : undefined
  const standing = orders.filter((order) => !over.has(order.state))

  const uses = (unit: string | undefined): Use[] =>
    standing
      .filter((order) => order.unit?.id === unit)
      .map((order) => ({ start: order.start, end: order.end, who: order.subject.name, state: order.state_words }))
  const part = (use: { start: string; end: string }) => {
    const share = (at: string) => (hours ? Math.min(1, Math.max(0, (minuteOf(momentOf(at)) - hours.from) / (hours.to - hours.from))) : 0)
    return { from: share(use.start), to: share(use.end) }
  }
  const room = (key: string, name: Words | undefined, known: Use[], busy: { start: string; end: string }[]): Room => {
    // What is busy without a booking of this desk: a class, or the gap after a use.
    const other = busy.filter((one) => !known.some((use) => momentOf(use.start) < momentOf(one.end) && momentOf(one.start) < momentOf(use.end)))
    const all = [...known, ...other].sort((a, b) => momentOf(a.start) - momentOf(b.start))
    return { key, name, uses: all, parts: [...busy, ...known].map(part) }
  }

  const rooms = free.units.map((unit) => room(unit.id, unit.name, uses(unit.id), unit.busy))
  const loose = uses(undefined)
  if (rooms.length === 0 || loose.length > 0) rooms.unshift(room('', undefined, loose, []))
  return { holiday: free.holiday, hours, rooms }
}

import type { Mark, Meeting, Roster, RosterItem } from '@/api/staff'
import { addDays, dayOf, momentOf } from '@/words/date'

// Attendance being marked: what the server knows, what was changed since, and where the keyboard is.

/** Marks by booking, then by meeting. */
export type Marks = Record<string, Record<string, Mark>>

const letters: Record<string, Mark> = { p: 'present', a: 'absent', e: 'excused' }
const round: Record<Mark, Mark> = { present: 'absent', absent: 'excused', excused: 'present' }

/** What a key marks: P, A, E. */
export function markOfKey(key: string): Mark | undefined {
  return letters[key.toLowerCase()]
}

/** What one more tap makes of a mark. */
export function nextMark(mark: Mark | undefined): Mark {
  return mark ? round[mark] : 'present'
}

export function marksOf(roster: Pick<Roster, 'items'>): Marks {
  return Object.fromEntries(roster.items.map((item) => [item.order_id, Object.fromEntries(item.marks.map(({ meeting_id, mark }) => [meeting_id, mark]))]))
}

/** Marks can be corrected so many days after a meeting. */
const CORRECTED_WITHIN = 7

/** Attendance can be marked from the morning of the day on, and corrected for a week. */
export function markable(meeting: Pick<Meeting, 'state' | 'start'>, now: number): boolean {
  const [day, today] = [dayOf(momentOf(meeting.start)), dayOf(now)]
  return meeting.state === 'planned' && day <= today && today <= addDays(day, CORRECTED_WITHIN)
}

/** The meeting to look at first: today's, else the last one that was, else the first. */
export function meetingNow(meetings: readonly Meeting[], now: number): Meeting | undefined {
  const planned = meetings.filter((meeting) => meeting.state === 'planned')
  const past = planned.filter((meeting) => dayOf(momentOf(meeting.start)) <= dayOf(now))
  return past[past.length - 1] ?? planned[0] ?? meetings[0]
}

/** What differs from what the server knows, by meeting, as it is to be sent. */
export function changesOf(before: Marks, after: Marks): { meeting: string; marks: { order_id: string; mark: Mark }[] }[] {
  const byMeeting = new Map<string, { order_id: string; mark: Mark }[]>()
  for (const [order, marks] of Object.entries(after)) {
    for (const [meeting, mark] of Object.entries(marks)) {
      if (before[order]?.[meeting] === mark) continue
      byMeeting.set(meeting, [...(byMeeting.get(meeting) ?? []), { order_id: order, mark }])
    }
  }
  return [...byMeeting].map(([meeting, marks]) => ({ meeting, marks }))
}

/** Everybody of a meeting who has no mark yet is there; marks already made stay. */
export function allPresent(marks: Marks, orders: readonly string[], meeting: string): Marks {
  const filled = { ...marks }
  for (const order of orders) filled[order] = { ...filled[order], [meeting]: filled[order]?.[meeting] ?? 'present' }
  return filled
}

/** Those with a seat, and those who wait for one, in their order. */
export function seatedAndWaiting(items: readonly RosterItem[]): { seated: RosterItem[]; waiting: RosterItem[] } {
  const waits = (item: RosterItem) => item.state === 'waiting' || item.state === 'held'
  const over = (item: RosterItem) => ['cancelled', 'rejected', 'expired'].includes(item.state)
  return {
    seated: items.filter((item) => !waits(item) && !over(item)),
    waiting: items.filter(waits).sort((a, b) => (a.position ?? 0) - (b.position ?? 0)),
  }
}

/** The neighbouring cell of an arrow key, inside the table. */
export function step(at: { row: number; column: number }, key: string, rows: number, columns: number): { row: number; column: number } | undefined {
  const moves: Record<string, [number, number]> = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }
  const move = moves[key]
  if (!move || rows === 0 || columns === 0) return undefined
  const inside = (value: number, size: number) => Math.min(size - 1, Math.max(0, value))
  return { row: inside(at.row + move[0], rows), column: inside(at.column + move[1], columns) }
}

import type { Mark, Meeting, RosterItem } from '@/api/staff'

/** The words a roster's file is written with. */
export interface RosterWords {
  name: string
  age: string
  phone: string
  meeting: (meeting: Meeting) => string
  mark: (mark: Mark) => string
}

/** A cell as text: quoted, and never something a spreadsheet would calculate. */
function cell(value: string): string {
  const harmless = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value
  return /[",\r\n]/.test(harmless) ? `"${harmless.replace(/"/g, '""')}"` : harmless
}

/** The roster as lines for a spreadsheet, with the mark that tells it that they are UTF-8. */
export function rosterCsv(people: readonly RosterItem[], meetings: readonly Meeting[], words: RosterWords): string {
  const heading = [words.name, words.age, words.phone, ...meetings.map(words.meeting)]
  const lines = people.map((item) => {
    const marks = meetings.map((meeting) => item.marks.find((mark) => mark.meeting_id === meeting.id)?.mark)
    return [item.subject.name, String(item.subject.age ?? ''), item.subject.phone_masked ?? '', ...marks.map((mark) => (mark ? words.mark(mark) : ''))]
  })
  return `\uFEFF${[heading, ...lines].map((line) => line.map(cell).join(',')).join('\r\n')}\r\n`
}

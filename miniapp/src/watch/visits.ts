import type { DeskVisit, SendCandidate, VisitScope } from '@/api/staff'
import type { Hazard, Visit } from '@/api/types'
import { dayOf, momentOf, type Moment } from '@/words/date'

// Visits as a desk sees them: which list, which of it, and what can be done about one.

/** The lists of the page; `today` is what is before the desk today, whether somebody was found or not. */
export type ListKey = VisitScope | 'today'
export const LISTS: readonly ListKey[] = ['unmatched', 'late', 'open', 'underway', 'today', 'done']
export const isList = (key: string): key is ListKey => (LISTS as readonly string[]).includes(key)

/** What has to be asked for to make a list. */
export const scopesOf = (list: ListKey): VisitScope[] => (list === 'today' ? ['open', 'underway'] : [list])

/** Those of today: asked for now, or with a time that touches this day. */
export function ofToday(items: readonly DeskVisit[], now: Moment): DeskVisit[] {
  const today = dayOf(now)
  return items
    .filter(({ job }) => job.is_now || (dayOf(momentOf(job.from)) <= today && dayOf(momentOf(job.until)) >= today))
    .sort((a, b) => momentOf(a.job.from) - momentOf(b.job.from))
}

/** Whether every word that is typed stands somewhere in what the list shows of a visit. */
export function matches({ job, visit }: DeskVisit, typed: string): boolean {
  const said = [job.number, job.resident, job.kind_name.zh, job.kind_name.en, job.address.text, job.address.detail, job.note, visit.worker?.name ?? ''].join(' ').toLowerCase()
  return typed.toLowerCase().split(/\s+/).every((word) => said.includes(word))
}

export type VisitAct = 'send' | 'take' | 'take_back' | 'cancel'

/** What a desk can do about a visit. The server has the last word. */
export function actsOf(visit: Pick<Visit, 'state' | 'way' | 'worker'>): VisitAct[] {
  const open = visit.state === 'seeking' || visit.state === 'offered'
  const coming = visit.state === 'accepted' || visit.state === 'on_the_way' || visit.state === 'arrived'
  const company = visit.way === 'contract' || visit.way === 'staff'
  return [
    ...(open || (coming && !visit.worker) ? (['send'] as const) : []),
    ...(open && company ? (['take'] as const) : []),
    ...(coming && visit.worker ? (['take_back'] as const) : []),
    ...(open || coming ? (['cancel'] as const) : []),
  ]
}

/** What presses most about a visit: nobody was found, it is late, somebody is asked, somebody comes. */
export type Press = 'nobody' | 'late' | 'seeking' | 'coming' | 'over'
export function pressOf(visit: Pick<Visit, 'state' | 'nobody' | 'late' | 'accept_by' | 'arrive_by'>, now: Moment): Press {
  const open = visit.state === 'seeking' || visit.state === 'offered'
  const passed = (by: string | undefined) => by !== undefined && momentOf(by) < now
  if (open && visit.nobody) return 'nobody'
  const before = open || visit.state === 'accepted' || visit.state === 'on_the_way'
  if (before && (visit.late || passed(visit.arrive_by) || (open && passed(visit.accept_by)))) return 'late'
  if (open) return 'seeking'
  return visit.state === 'done' || visit.state === 'failed' || visit.state === 'over' ? 'over' : 'coming'
}

/** Those who can be sent, and those with something in the way. */
export function sorted(candidates: readonly SendCandidate[]): { able: SendCandidate[]; others: SendCandidate[] } {
  return { able: candidates.filter((one) => !one.problem), others: candidates.filter((one) => one.problem) }
}

/** Pictures somebody sent with a shared report, for staff to look at before everybody may. */
export const reportPictures = (visit: Pick<Visit, 'is_private' | 'pictures'>): string[] =>
  visit.is_private ? [] : visit.pictures.filter((picture) => picture.moment === 'request').map((picture) => picture.id)

/** The picture of a report that everybody may see already. */
export const isShown = (hazard: Pick<Hazard, 'picture'> | undefined): boolean => hazard?.picture !== undefined

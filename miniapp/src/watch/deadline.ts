import type { MatterWanted } from '@/api/staff'
import type { Matter } from '@/api/types'
import { momentOf, type Moment } from '@/words/date'

// By when something is promised, and whether that is near.

const MILLIS_PER_HOUR = 3_600_000
/** A promise that falls due within this needs somebody now. Hours. */
const SOON = 4

export interface Deadline {
  what: 'contact' | 'answer'
  by: Moment
  /** Passed, near, or far off. */
  tone: 'stop' | 'soon' | 'quiet'
}

/** The next promise of a matter that is not kept yet; none once it is answered. */
export function deadlineOf(matter: Pick<Matter, 'state' | 'contact_by' | 'contacted_at' | 'answer_by' | 'answered_at'>, now: Moment): Deadline | undefined {
  if (matter.state !== 'open' && matter.state !== 'contacted') return undefined
  const next = !matter.contacted_at && matter.contact_by ? (['contact', matter.contact_by] as const) : !matter.answered_at && matter.answer_by ? (['answer', matter.answer_by] as const) : undefined
  if (!next) return undefined
  const by = momentOf(next[1])
  const tone = by <= now ? 'stop' : by - now < SOON * MILLIS_PER_HOUR ? 'soon' : 'quiet'
  return { what: next[0], by, tone }
}

/** The lists of the page, what presses first. */
export const MATTER_LISTS: readonly MatterWanted[] = ['late', 'open', 'contacted', 'answered', 'closed']
export const isMatterList = (key: string): key is MatterWanted => (MATTER_LISTS as readonly string[]).includes(key)

/** What a matter still wants of the desk, in the order in which it is done. */
export type MatterAct = 'take' | 'contacted' | 'answer' | 'climb'
const ORDER: readonly MatterAct[] = ['take', 'contacted', 'answer', 'climb']
export const matterActs = (matter: Pick<Matter, 'actions'>): MatterAct[] => ORDER.filter((act) => matter.actions.includes(act))

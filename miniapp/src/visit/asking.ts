import type { Address, VisitIn, VisitTerms } from '@/api/types'
import type { PlaceChoice } from '@/components/place'
import { addDays, clockOf, dayOf, instantOf, momentOf, type Day, type Moment } from '@/words/date'
import { instantText } from '@/words/plan'

// What is asked for, one question after the other.

export type StepKey = 'where' | 'what' | 'when' | 'pictures' | 'wishes' | 'confirm'

export type TimeChoice = { now: true } | { from: string; until: string }

export interface Asking {
  place?: PlaceChoice
  time?: TimeChoice
  thing: string
  note: string
  gender: '' | 'female' | 'male'
  language: string
  worker: string
  picture_ids: string[]
  wider: boolean
  private: boolean
}

export const nothing = (): Asking => ({ thing: '', note: '', gender: '', language: '', worker: '', picture_ids: [], wider: false, private: false })

/** What cannot wait, and what is only reported, is asked for at once: nobody is asked when. */
export const isForNow = (terms: Pick<VisitTerms, 'urgent' | 'may_be_private'>): boolean => terms.urgent || terms.may_be_private

/** The questions of a kind, in order. */
export function stepsOf(terms: VisitTerms): StepKey[] {
  const steps: StepKey[] = ['where', 'what']
  if (!isForNow(terms)) steps.push('when')
  if (terms.photos) steps.push('pictures')
  if (terms.wishes.length > 0) steps.push('wishes')
  return [...steps, 'confirm']
}

/** What is sent. */
export function visitOf(kind: string, terms: VisitTerms, asking: Asking, form: Record<string, string>, subject: string | undefined): VisitIn {
  const { place, time, thing, note, gender, language, worker, wider } = asking
  // What is usually wished may be no wish of this kind.
  const may = (wish: string) => terms.wishes.some((one) => one === wish)
  const wishes = { ...(gender && may('gender') && { gender }), ...(language && may('language') && { language }), ...(worker && may('worker') && { worker_id: worker }) }
  return {
    kind,
    ...(subject !== undefined && { subject_id: subject }),
    address: place?.kept !== undefined ? { id: place.kept } : { text: place?.text.trim() ?? '', detail: place?.detail.trim() ?? '', point: place?.point, compound_id: place?.compound_id },
    when: isForNow(terms) ? { now: true } : time ?? { now: true },
    form,
    ...(thing.trim() !== '' && { thing: thing.trim() }),
    ...(note.trim() !== '' && { note: note.trim() }),
    ...(Object.keys(wishes).length > 0 && { wishes }),
    wider,
    private: terms.may_be_private && asking.private,
    pay_by: terms.price_form === 'free' ? 'free' : 'cash',
  }
}

/** Windows begin at these hours. */
const HOURS = [8, 10, 12, 14, 16, 18, 20] as const
/** The shortest window: whoever comes is not expected to the minute. */
const SHORTEST = 120
/** Nobody is asked to come sooner than this; whoever wants that asks for now. Milliseconds. */
const AHEAD = 30 * 60_000
const DAY_END = 22 * 60

/** The windows of a day that are long enough for what takes so many minutes and are still to come. */
export function windowsOf(day: Day, minutes: number, now: Moment): { from: string; until: string; words: [string, string] }[] {
  const long = Math.max(SHORTEST, Math.ceil(minutes / 60) * 60)
  return HOURS.map((hour) => [hour * 60, hour * 60 + long] as const)
    .filter(([from, until]) => until <= DAY_END && instantOf(day, from) >= now + AHEAD)
    .map(([from, until]) => ({ from: instantText(day, clockOf(from)), until: instantText(day, clockOf(until)), words: [clockOf(from), clockOf(until)] }))
}

/** The days one can ask for, today where there is still time. */
export function daysOf(terms: Pick<VisitTerms, 'days_ahead' | 'minutes'>, now: Moment): Day[] {
  const today = dayOf(now)
  const all = Array.from({ length: Math.min(terms.days_ahead, 14) + 1 }, (_, ahead) => addDays(today, ahead))
  return all.filter((day) => windowsOf(day, terms.minutes, now).length > 0)
}

/** The day of a window that was chosen. */
export const dayOfTime = (time: TimeChoice | undefined): Day | undefined => (time && 'from' in time ? dayOf(momentOf(time.from)) : undefined)

/** An address on one line. */
export const addressLine = ({ text, detail }: Pick<Address, 'text' | 'detail'>): string => [text, detail].filter(Boolean).join(' ')

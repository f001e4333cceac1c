import type { Job, JobOffer, PriceForm } from '@/api/types'
import { t } from '@/i18n'
import { dayOf, momentOf, type Moment } from '@/words/date'
import { money } from '@/words/say'

// The day of somebody who comes: what is today, what is late, how long an offer stands.

/** Later than this, the other side is told. Milliseconds. */
const LATE = 10 * 60_000
/** Some time ahead of setting out it is time to get ready. Milliseconds. */
const READY = 5 * 60_000

/** Whole minutes, at least one. */
export const minutesOf = (seconds: number): number => Math.max(1, Math.ceil(seconds / 60))

const IN_HAND = ['on_the_way', 'arrived', 'working']
export const isInHand = ({ state }: Pick<Job, 'state'>): boolean => IN_HAND.includes(state)

/** What is to be done today, what is in hand first, then in order of time; and what comes later. */
export function dayPlan(jobs: readonly Job[], now: Moment): { today: Job[]; later: Job[] } {
  const inOrder = [...jobs].sort((a, b) => Number(isInHand(b)) - Number(isInHand(a)) || momentOf(a.start) - momentOf(b.start))
  const isToday = (job: Job) => isInHand(job) || dayOf(momentOf(job.start)) <= dayOf(now)
  return { today: inOrder.filter(isToday), later: inOrder.filter((job) => !isToday(job)) }
}

/** When to set out so as to be there as promised; nothing where the way is not known. */
export const leaveAt = ({ start, travel_seconds: way }: Pick<Job, 'start' | 'travel_seconds'>): Moment | undefined =>
  way === undefined ? undefined : momentOf(start) - way * 1_000

/** Whether it is time to set out, or somebody will wait in vain. */
export function warningOf(job: Pick<Job, 'state' | 'start' | 'travel_seconds'>, now: Moment): 'leave' | 'late' | undefined {
  const promised = momentOf(job.start)
  if (job.state !== 'on_the_way' && job.state !== 'accepted') return undefined
  if (now > promised) return 'late'
  if (job.state === 'on_the_way') return undefined
  if (now + (job.travel_seconds ?? 0) * 1_000 > promised + LATE) return 'late'
  const leave = leaveAt(job)
  return leave !== undefined && now > leave - READY ? 'leave' : undefined
}

/** An offer stands so long unless the platform's file says otherwise. Milliseconds. */
const USUAL = 180_000
/** It is nearly over. Milliseconds. */
const NEARLY = 45_000

/**
 * What is left of an offer by the server's clock: as a part of a ring that was full at `whole` milliseconds, and as minutes and
 * seconds. Nothing before it was pushed.
 */
export function ringOf(offer: Pick<JobOffer, 'expires_at'>, now: Moment, whole = USUAL): { left: number; part: number; soon: boolean; clock: [string, string] } | undefined {
  if (offer.expires_at === undefined) return undefined
  const left = Math.max(0, momentOf(offer.expires_at) - now)
  const seconds = Math.ceil(left / 1_000)
  return {
    left,
    part: Math.min(1, left / Math.max(whole, left)),
    soon: left < NEARLY,
    clock: [String(Math.floor(seconds / 60)), String(seconds % 60).padStart(2, '0')],
  }
}

/** What it pays. */
export const payOf = ({ price_form: form, price_fen: fen }: { price_form: PriceForm; price_fen: number }): string => (form === 'free' ? t('money.free') : money(fen))
/** And how. */
export function payNote({ price_form: form, pay_by }: { price_form: PriceForm; pay_by: string }): string {
  if (form === 'free') return t('offer.pay.free')
  return pay_by === 'district' ? t('offer.pay.district') : t(`offer.pay.${form}`)
}

/** Yuan as they are typed: 120, 120.5, 120.50; nothing where it is no sum of money. In fen. */
export function fenOf(typed: string): number | undefined {
  const found = /^(\d{1,6})(?:[.．](\d{1,2}))?$/.exec(typed.trim())
  return found ? Number(found[1]) * 100 + Number((found[2] ?? '').padEnd(2, '0')) : undefined
}

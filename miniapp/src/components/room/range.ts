import type { FreeDay, ResourceRules } from '@/api/types'
import { instantOf, minuteOf, momentOf, readClock, type Day, type Moment } from '@/words/date'

// When a room is free on a day, as points between which one chooses: first from, then to.

/** From one point of the day to another, half open. Minutes since local midnight. */
export interface Stretch {
  from: number
  to: number
}

/** A point one can begin or end at. */
export interface Point {
  minute: number
  /** Whether it can be chosen. */
  usable: boolean
}

const minutes = (written: { start: string; end: string }, day: Day): Stretch => {
  // What began the day before or ends the day after fills this day's edge.
  const midnight = instantOf(day, 0)
  const at = (moment: Moment) => Math.max(0, Math.min(1_440, Math.round((moment - midnight) / 60_000)))
  return { from: at(momentOf(written.start)), to: at(momentOf(written.end)) }
}

/** The opening hours of the day, in order. */
export function opening(free: FreeDay): Stretch[] {
  return free.open.map(({ from, to }) => ({ from: readClock(from), to: to === '24:00' ? 1_440 : readClock(to) })).sort((a, b) => a.from - b.from)
}

/** What is taken of a unit, gaps included. */
export function busy(free: FreeDay, unit: string): Stretch[] {
  return (free.units.find(({ id }) => id === unit)?.busy ?? []).map((taken) => minutes(taken, free.day))
}

const apart = (stretch: Stretch, others: readonly Stretch[]) => others.every((other) => other.to <= stretch.from || other.from >= stretch.to)

/** Whether a unit, or any of them, is free all through. */
function isFree(free: FreeDay, unit: string, stretch: Stretch): boolean {
  if (!opening(free).some(({ from, to }) => from <= stretch.from && stretch.to <= to)) return false
  // Where places are counted instead of rooms kept, each step says how many are left.
  if (free.units.length === 0) {
    const within = free.steps.map((step) => ({ ...minutes(step, free.day), left: step.free })).filter((step) => step.from < stretch.to && step.to > stretch.from)
    return within.length > 0 && within.every(({ left }) => left > 0)
  }
  const units = unit === '' ? free.units.map(({ id }) => id) : [unit]
  return units.some((id) => apart(stretch, busy(free, id)))
}

const shortest = (rules: ResourceRules) => Math.max(rules.step_minutes, rules.min_minutes)
const longest = (rules: ResourceRules) => (rules.max_minutes > 0 ? rules.max_minutes : 1_440)

/** Where one may begin: a step from which the shortest use is free and not over yet. */
export function beginnings(free: FreeDay, rules: ResourceRules, unit: string, now: Moment): Point[] {
  const passed = Math.ceil((now - instantOf(free.day, 0)) / 60_000)
  return opening(free).flatMap(({ from, to }) => {
    const count = Math.max(0, Math.floor((to - from) / rules.step_minutes))
    return Array.from({ length: count }, (_, step) => from + step * rules.step_minutes).map((minute) => ({
      minute,
      usable: minute >= passed && isFree(free, unit, { from: minute, to: minute + shortest(rules) }),
    }))
  })
}

/** Where one may end after having begun: up to the first thing in the way. */
export function endings(free: FreeDay, rules: ResourceRules, unit: string, from: number): Point[] {
  const found: Point[] = []
  for (let to = from + shortest(rules); to - from <= longest(rules) && isFree(free, unit, { from, to }); to += rules.step_minutes) {
    found.push({ minute: to, usable: true })
  }
  return found
}

/** The units free all through: one of them is given when it does not matter which. */
export function unitsFree(free: FreeDay, stretch: Stretch): string[] {
  return free.units.filter(({ id }) => isFree(free, id, stretch)).map(({ id }) => id)
}

/** Minutes of use in the week of a day, of bookings that stand. */
export function usedMinutes(orders: readonly { start: string; end: string; state: string }[], monday: Moment): number {
  const over = new Set(['cancelled', 'rejected', 'expired', 'waiting'])
  return orders
    .filter(({ start, state }) => !over.has(state) && momentOf(start) >= monday && momentOf(start) < monday + 7 * 86_400_000)
    .reduce((sum, { start, end }) => sum + (momentOf(end) - momentOf(start)) / 60_000, 0)
}

/** Of the day's opening, the share a stretch begins at and its share of it: for a bar drawn to scale. Percent. */
export function onBar(free: FreeDay, stretch: Stretch): { left: number; width: number } {
  const hours = opening(free)
  const [first, last] = [hours[0]?.from ?? 0, hours[hours.length - 1]?.to ?? 1_440]
  const share = (minute: number) => ((Math.max(first, Math.min(last, minute)) - first) / Math.max(1, last - first)) * 100
  return { left: share(stretch.from), width: share(stretch.to) - share(stretch.from) }
}

/** Minutes since midnight of an instant the server wrote. */
export const minuteAt = (written: string): number => minuteOf(momentOf(written))

/** What can be asked about a room by itself. */
export type RoomQuestion = 'day' | 'unit' | 'from' | 'to'

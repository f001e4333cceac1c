import type { LiveEvent } from '@/api/live'
import type { Order, Point, Position, Visit, VisitState } from '@/api/types'
import { momentOf, type Moment } from '@/words/date'

/** Where somebody is on their way, and as of when. */
export interface Seen {
  point?: Point
  /** As of when, by this device's clock: how long ago matters, not when. */
  at?: Moment
  /** Reckoned from the streets, since nothing was heard for a while. */
  estimated: boolean
  /** When they will be there, as far as is known; by this device's clock too. */
  arrival?: Moment
}

/** Whole minutes, at least one: nobody is there in none. */
export const minutesOf = (seconds: number): number => Math.max(1, Math.round(seconds / 60))

/** States in which something may change at any moment. */
const MOVING: readonly VisitState[] = ['seeking', 'offered', 'accepted', 'on_the_way', 'arrived', 'working']

/** Whether to look again now and then, should nothing be heard. */
export const isMoving = (order: Order): boolean => order.visit !== undefined && MOVING.includes(order.visit.state)

/** How far along: looked for, coming, at work, over. */
export function stageOf(state: VisitState): 0 | 1 | 2 | 3 {
  if (state === 'seeking' || state === 'offered') return 0
  if (state === 'accepted' || state === 'on_the_way') return 1
  return state === 'arrived' || state === 'working' ? 2 : 3
}

/** What was asked for; `here`: now by this device's clock. */
export function seenAt({ point, age_seconds: age, estimated, seconds_left: left }: Position, here: Moment): Seen {
  return {
    point,
    at: age === undefined ? undefined : here - age * 1_000,
    estimated,
    arrival: left === undefined ? undefined : here + left * 1_000,
  }
}

/** What was passed on; nothing where the message says nothing of it. `here` and `server`: now by this device's and by the server's clock. */
export function seenIn({ payload, at }: LiveEvent, here: Moment, server: Moment): Seen | undefined {
  const point = payload.point as Partial<Point> | undefined
  if (typeof point?.lat !== 'number' || typeof point.lon !== 'number') return undefined
  const left = payload.seconds_left
  return {
    point: { lat: point.lat, lon: point.lon },
    at: here - Math.max(0, server - momentOf(typeof payload.at === 'string' ? payload.at : at)),
    estimated: false,
    arrival: typeof left === 'number' ? here + left * 1_000 : undefined,
  }
}

/** Whether they may be called: from when somebody will come until a day after. */
export const mayCall = (visit: Visit, now: Moment): boolean => visit.call_until !== undefined && momentOf(visit.call_until) > now

import { api } from '@/api'
import type { Order } from '@/api/types'
import { momentOf } from '@/words/date'

interface Content {
  id: string
  version: number
  reason?: string
}

/** What a person can do with a booking; moving it has a page of its own. */
export type Step = 'accept' | 'decline' | 'cancel' | 'leave' | 'agree' | 'reopen'

const cancel = ({ id, version, reason }: Content, key: string) => api.post('/orders/{id}/cancel', { path: { id }, body: { version, reason }, key })

/** How each step is sent, and whether it asks first: what cannot be taken back does. */
export const steps: Record<Step, { asks: boolean; send(content: Content, key: string): Promise<Order> }> = {
  accept: { asks: false, send: ({ id, version }, key) => api.post('/orders/{id}/accept', { path: { id }, body: { version }, key }) },
  decline: { asks: true, send: ({ id, version }, key) => api.post('/orders/{id}/decline', { path: { id }, body: { version }, key }) },
  cancel: { asks: true, send: cancel },
  leave: { asks: true, send: cancel },
  agree: { asks: false, send: ({ id, version }, key) => api.post('/orders/{id}/agree', { path: { id }, body: { version }, key }) },
  reopen: {
    asks: true,
    send: ({ id, version, reason }, key) => api.post('/orders/{id}/reopen', { path: { id }, body: { version, reason: reason ?? '' }, key }),
  },
}

/** Two hours before it starts and while it lasts, things happen by themselves; so they do while waiting for a place. */
const AHEAD = 2 * 3_600_000

/** Whether a booking may change without the person doing anything. */
export function needsWatching(order: Order, now: number): boolean {
  if (order.state === 'held' || order.state === 'waiting' || order.state === 'underway' || order.queue) return true
  return order.state === 'confirmed' && momentOf(order.start) - now < AHEAD
}

import { api } from '@/api'
import type { DeskOrder } from '@/api/types'

const all = ['check_in', 'call', 'done', 'missed', 'recall', 'no_show', 'cancel'] as const

/** What a desk does with one booking; calling whoever is next is the queue's own step. */
export type DeskStep = (typeof all)[number]

/** Whether this page knows what to do with an action the server allows. */
export function isDeskStep(action: string): action is DeskStep {
  return (all as readonly string[]).includes(action)
}

interface Content {
  id: string
  step: DeskStep
  version: number
  reason?: string
}

/** Sends the step. */
export function performStep({ id, step, version, reason }: Content, key: string): Promise<DeskOrder> {
  const options = { path: { id }, body: { version }, key }
  switch (step) {
    case 'check_in':
      return api.post('/desk/orders/{id}/check-in', options)
    case 'call':
      return api.post('/desk/orders/{id}/call', options)
    case 'done':
      return api.post('/desk/orders/{id}/done', options)
    case 'missed':
      return api.post('/desk/orders/{id}/missed', options)
    case 'recall':
      return api.post('/desk/orders/{id}/recall', options)
    case 'no_show':
      return api.post('/desk/orders/{id}/no-show', options)
    case 'cancel':
      return api.post('/desk/orders/{id}/cancel', { ...options, body: { version, reason: reason ?? '' } })
  }
}

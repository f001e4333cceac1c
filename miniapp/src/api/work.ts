import { api } from '@/api'
import type { FailReason, JobRatingIn, Point, WorkerDuty } from './types'

// The work of those who come: duty, offers, jobs. The operations by what they are for.

/** Where a phone is, and as of when. */
export interface Fix {
  point: Point
  /** How far it may be off, in metres. */
  accuracy?: number
  /** RFC 3339. */
  at: string
}

const of = (id: string) => ({ path: { id } })

export const work = {
  file: () => api.get('/work/file'),
  duty: () => api.get('/work/duty'),
  setDuty: (duty: WorkerDuty['duty'], minutes?: number) => api.post('/work/duty', { body: { duty, minutes } }),
  offers: () => api.get('/work/offers'),
  accept: (id: string, key: string) => api.post('/work/offers/{id}/accept', { ...of(id), key }),
  decline: (id: string) => api.post('/work/offers/{id}/decline', { ...of(id), body: {} }),
  board: () => api.get('/work/board'),
  take: (id: string, key: string) => api.post('/work/board/{id}/accept', { ...of(id), key }),
  jobs: (scope: 'open' | 'past', cursor?: string) => api.get('/work/jobs', { query: { scope, cursor, limit: scope === 'open' ? 50 : 20 } }),
  job: (id: string) => api.get('/work/jobs/{id}', of(id)),
  coming: (id: string, minutes: number) => api.post('/work/jobs/{id}/coming', { ...of(id), body: { minutes } }),
  giveBack: (id: string, reason: string, key: string) => api.post('/work/jobs/{id}/give-back', { ...of(id), body: { reason }, key }),
  position: (id: string, fix: Fix) => api.post('/work/jobs/{id}/position', { ...of(id), body: fix }),
  quote: (id: string, fen: number, note: string, key: string) => api.post('/work/jobs/{id}/quote', { ...of(id), body: { fen, note }, key }),
  help: (order_id: string | undefined, point: Point | undefined) => api.post('/work/help', { body: { order_id, point } }),
  rate: (order: string, body: JobRatingIn) => api.post('/work/jobs/{order}/rating', { path: { order }, body }),
  refuse: (order_id: string) => api.post('/work/refused', { body: { order_id } }),
}

/** The steps of a job that can be sent later: each carries when it really happened, and is made once under its key. */
export const steps = {
  on_the_way: (id: string, at: string | undefined, key: string) => api.post('/work/jobs/{id}/on-the-way', { ...of(id), body: { at }, key }),
  arrived: (id: string, at: string | undefined, key: string) => api.post('/work/jobs/{id}/arrived', { ...of(id), body: { at }, key }),
  start: (id: string, body: { code?: string; reason?: string; at?: string }, key: string) => api.post('/work/jobs/{id}/start', { ...of(id), body, key }),
  done: (id: string, body: { at?: string; pay_received?: number; minutes_worked?: number }, key: string) => api.post('/work/jobs/{id}/done', { ...of(id), body, key }),
  fail: (id: string, body: { reason: FailReason; words?: string; at?: string }, key: string) => api.post('/work/jobs/{id}/fail', { ...of(id), body, key }),
  picture: (id: string, body: { file_id: string; moment: 'before' | 'after'; at?: string }, key: string) => api.post('/work/jobs/{id}/pictures', { ...of(id), body, key }),
}

import { api } from '@/api'
import type { components } from './schema'

// Whoever comes to the door: their own file and papers, their days off, what they earned and how they were rated.
type Schemas = components['schemas']

export type WorkerFile = Schemas['WorkerFile']
export type WorkerFileIn = Schemas['WorkerFileIn']
export type WorkerChoices = Schemas['WorkerChoices']
export type WorkerHours = WorkerFile['hours']
export type WorkerGender = WorkerFile['gender']
export type TravelBy = WorkerFile['travel']
export type Paper = Schemas['WorkerDocument']
export type DocumentKind = Schemas['DocumentKind']
export type PaperIn = Schemas['DocumentIn']
export type DayOff = Schemas['WorkerDayOff']
export type RefusedResident = Schemas['RefusedOne']
export type Earnings = Schemas['Earnings']
export type PaidJob = Schemas['PaidJob']
export type ReceivedRating = Schemas['ReceivedRating']
export type WeekSum = Schemas['WeekSum']

/** One's own side of coming to the door, beside the jobs themselves. */
export const provider = {
  file: () => api.get('/work/file'),
  choices: () => api.get('/work/choices'),
  save: (body: WorkerFileIn) => api.put('/work/file', { body }),
  submit: () => api.post('/work/file/submit'),
  addPaper: (body: PaperIn) => api.post('/work/file/documents', { body }),
  removePaper: (id: string) => api.delete('/work/file/documents/{id}', { path: { id } }),
  employers: async (q: string) => (await api.get('/search', { query: { q, what: 'organisation', limit: 20 } })).items,
  daysOff: async () => (await api.get('/work/days-off')).days,
  setDaysOff: async (days: DayOff[]) => (await api.put('/work/days-off', { body: { days } })).days,
  refused: async () => (await api.get('/work/refused')).items,
  refuse: (order_id: string, reason?: string) => api.post('/work/refused', { body: { order_id, reason } }),
  allow: (person: string) => api.delete('/work/refused/{person}', { path: { person } }),
  past: (cursor?: string) => api.get('/work/jobs', { query: { scope: 'past', cursor, limit: 10 } }),
  ratings: (cursor?: string) => api.get('/work/ratings', { query: { cursor, limit: 10 } }),
  earnings: (week: string) => api.get('/work/earnings', { query: { week } }),
  weeks: (before?: string) => api.get('/work/statements', { query: { before, limit: 12 } }),
  statement: (week: string, format: 'xlsx' | 'csv') => api.download('/work/statements/{week}/file', { path: { week }, query: { format } }),
  answer: (order: string, words: string) => api.post('/ratings/{order}/answer', { path: { order }, body: { words } }),
  report: (order: string, reason: string) => api.post('/ratings/{order}/report', { path: { order }, body: { reason } }),
}

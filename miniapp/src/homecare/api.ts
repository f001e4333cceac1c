import { api } from '@/api'
import type { AssessmentIn, CareConsent, CareContacts, CareHealth, CarePartKey } from '@/api/types'

/** One's own file. */
export const myFile = {
  get: () => api.get('/me/care-file'),
  open: () => api.post('/me/care-file'),
  close: () => api.delete('/me/care-file'),
  contacts: (version: number, contacts: CareContacts) => api.put('/me/care-file/contacts', { body: { version, contacts } }),
  health: (version: number, health: CareHealth) => api.put('/me/care-file/health', { body: { version, health } }),
  changed: () => api.post('/me/care-file/health-changed'),
  openings: (cursor?: string) => api.get('/me/care-file/openings', { query: { cursor } }),
}

/** Files of others, at the desk. */
export const deskFile = {
  open: (id: string, consent: CareConsent, note: string) => api.post('/desk/people/{id}/care-file', { path: { id }, body: { consent, note } }),
  close: (id: string, reason: string) => api.post('/desk/people/{id}/care-file/close', { path: { id }, body: { reason } }),
  read: (id: string, part: CarePartKey, reason: string) => api.post('/desk/people/{id}/care-file/read', { path: { id }, body: { part, reason } }),
  contacts: (id: string, version: number, contacts: CareContacts) => api.put('/desk/people/{id}/care-file/contacts', { path: { id }, body: { version, contacts } }),
  health: (id: string, version: number, health: CareHealth) => api.put('/desk/people/{id}/care-file/health', { path: { id }, body: { version, health } }),
  changed: (id: string, reason: string) => api.post('/desk/people/{id}/care-file/health-changed', { path: { id }, body: { reason } }),
  assess: (id: string, body: AssessmentIn) => api.post('/desk/people/{id}/care-file/assessments', { path: { id }, body }),
  scale: () => api.get('/desk/ability-scale'),
}

/** What the server answers where there is no file. */
export const NONE = 'care_file_none'

/** Cards of those without a phone. */
export const cards = {
  get: (id: string) => api.get('/desk/people/{id}/card', { path: { id } }),
  issue: (id: string) => api.post('/desk/people/{id}/card', { path: { id } }),
  end: (id: string) => api.delete('/desk/people/{id}/card', { path: { id } }),
}
/** What the server answers where there is no card. */
export const NO_CARD = 'card_none'

import { api } from '@/api'
import type { DeskVisit, FiguresPer, MatterForm, MatterWanted, VisitScope, WorkerDecision, WorkersWanted } from './staff'
import type { Compound, Place, VisitIn } from './types'

// What staff do about those who come. The operations by what they are for.

/** Pages of a list that are read at once: whoever has more before them narrows it down. */
const PAGES = 4
const AT_ONCE = 100

/** Visits of the desk. */
export const deskVisits = {
  /** The list as far as it is read at once, and whether there is more. */
  async list(scope: VisitScope, area: string | undefined): Promise<{ items: DeskVisit[]; more: boolean }> {
    const items: DeskVisit[] = []
    let cursor: string | undefined
    for (let page = 0; page < PAGES; page += 1) {
      const { items: some, next } = await api.get('/desk/visits', { query: { scope, area, cursor, limit: AT_ONCE } })
      items.push(...some)
      if (next === undefined) return { items, more: false }
      cursor = next
    }
    return { items, more: true }
  },
  candidates: async (id: string) => (await api.get('/desk/visits/{id}/candidates', { path: { id } })).items,
  send: (id: string, worker_id: string, key: string) => api.post('/desk/visits/{id}/assign', { path: { id }, body: { worker_id }, key }),
  take: (id: string, key: string) => api.post('/desk/visits/{id}/take', { path: { id }, key }),
  takeBack: (id: string, reason: string, key: string) => api.post('/desk/visits/{id}/unassign', { path: { id }, body: { reason }, key }),
  cancel: (id: string, version: number, reason: string, key: string) => api.post('/desk/orders/{id}/cancel', { path: { id }, body: { version, reason }, key }),
  ask: (person_id: string, visit: VisitIn, key: string) => api.post('/desk/visits', { body: { person_id, visit }, key }),
  publish: (id: string, shown: boolean) => api.post('/desk/pictures/{id}/publish', { path: { id }, body: { public: shown } }),
  correct: (order: string, fen: number, reason: string) => api.post('/desk/statements/orders/{order}/correct', { path: { order }, body: { fen, reason } }),
}

/** Calls for help. */
export const help = {
  open: async () => (await api.get('/desk/help', { query: { limit: AT_ONCE } })).items,
  take: (id: string) => api.post('/desk/help/{id}/take', { path: { id } }),
  close: (id: string, outcome: string) => api.post('/desk/help/{id}/close', { path: { id }, body: { outcome } }),
}

/** Complaints, praise, poor ratings, and ratings somebody asked to have looked at. */
export const deskMatters = {
  list: (query: { form?: MatterForm; state?: MatterWanted; mine?: boolean; cursor?: string }) => api.get('/desk/matters', { query }),
  take: (id: string) => api.post('/desk/matters/{id}/take', { path: { id } }),
  contacted: (id: string, words: string) => api.post('/desk/matters/{id}/contacted', { path: { id }, body: { words } }),
  answer: (id: string, words: string) => api.post('/desk/matters/{id}/answer', { path: { id }, body: { words } }),
  climb: (id: string, reason: string) => api.post('/desk/matters/{id}/climb', { path: { id }, body: { reason } }),
  reports: (cursor?: string) => api.get('/desk/rating-reports', { query: { cursor } }),
  decide: (id: string, hide: boolean, reason: string) => api.post('/desk/rating-reports/{id}/decide', { path: { id }, body: { hide, reason } }),
}

/** Files of those who come. */
export const deskWorkers = {
  list: (query: { state?: WorkersWanted; area?: string; q?: string; cursor?: string }) => api.get('/desk/workers', { query }),
  one: (id: string) => api.get('/desk/workers/{id}', { path: { id } }),
  decide: (id: string, body: WorkerDecision) => api.post('/desk/workers/{id}/decide', { path: { id }, body }),
  suspend: (id: string, reason: string) => api.post('/desk/workers/{id}/suspend', { path: { id }, body: { reason } }),
  resume: (id: string) => api.post('/desk/workers/{id}/resume', { path: { id } }),
}

/** How it went, who has what within reach, and what was paid. */
export const reports = {
  figures: (query: { by: FiguresPer; area?: string; organisation?: string; platform?: string; from: string; to: string }) => api.get('/desk/figures', { query }),
  coverage: async (area: string, kind: string) => (await api.get('/coverage', { query: { area, kind } })).items,
  /** Where a kind of service is, and where people live, to be put on a map. */
  async grounds(area: string, kind: string): Promise<{ places: Place[]; compounds: Compound[] }> {
    const [offered, lived] = await Promise.all([api.get('/offerings', { query: { kind, area } }), api.get('/compounds', { query: { area } })])
    return { places: offered.items.map(({ place }) => place), compounds: lived.items }
  },
  statements: (query: { week: string; organisation?: string; area?: string; cursor?: string }) => api.get('/desk/statements', { query }),
}

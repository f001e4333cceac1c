import { api } from '@/api'
import type { Order, Words } from './types'
import type { AddressIn, MatterIn, Point, RatingIn, VisitIn } from './types'

// Somebody comes: what is asked for, who comes, and how it was. The operations by what they are for.

/** Lines of the district's map by class: GeoJSON (RFC 7946), of which the server's document says no more. */
export interface Drawing {
  features: { properties: { class: string; name?: Words }; geometry: { coordinates: [number, number][][] } }[]
}

/** Six digits behind the point are a hand's breadth. */
const at = ({ lat, lon }: Point) => ({ lat: Number(lat.toFixed(6)), lon: Number(lon.toFixed(6)) })

/** Addresses of one's own, compounds, and what stands on the map. */
export const places = {
  addresses: () => api.get('/me/addresses'),
  keep: (id: string | undefined, body: AddressIn) => (id ? api.put('/me/addresses/{id}', { path: { id }, body }) : api.post('/me/addresses', { body })),
  forget: (id: string) => api.delete('/me/addresses/{id}', { path: { id } }),
  compounds: (q: string) => api.get('/compounds', { query: { q } }),
  near: (point: Point) => api.get('/streets/near', { query: at(point) }),
  drawing: async () => (await api.get('/streets/drawing')) as Drawing,
}

/** Asking for somebody to come, and what happens until they have been. */
export const visits = {
  preview: (body: VisitIn) => api.post('/visits/preview', { body }),
  ask: (body: VisitIn, key: string) => api.post('/visits', { body, key }),
  order: (id: string) => api.get('/orders/{id}', { path: { id } }),
  agree: (id: string, version: number, key: string) => api.post('/orders/{id}/agree', { path: { id }, body: { version }, key }),
  reopen: (id: string, version: number, reason: string, key: string) => api.post('/orders/{id}/reopen', { path: { id }, body: { version, reason }, key }),
  cancel: (id: string, version: number, reason: string | undefined, key: string) => api.post('/orders/{id}/cancel', { path: { id }, body: { version, reason }, key }),
  widen: (id: string, key: string) => api.post('/visits/{id}/widen', { path: { id }, key }),
  later: (id: string, body: { from: string; until: string }, key: string) => api.post('/visits/{id}/later', { path: { id }, body, key }),
  quote: (id: string, answer: { agree: boolean; fen: number | undefined }, key: string) => api.post('/visits/{id}/quote', { path: { id }, body: answer, key }),
  picture: (id: string, file_id: string) => api.post('/visits/{id}/pictures', { path: { id }, body: { file_id } }),
  position: (id: string) => api.get('/orders/{id}/position', { path: { id } }),
  call: (id: string) => api.post('/orders/{id}/call', { path: { id } }),
  emergency: (text: string) => api.get('/emergency-words', { query: { text } }),
}

/** How it was, and what is to be put right. */
export const feedback = {
  levels: (kind?: string) => api.get('/rating-tags', { query: { kind } }),
  ratings: (id: string) => api.get('/orders/{id}/ratings', { path: { id } }),
  rate: (id: string, body: RatingIn, again: boolean) =>
    again ? api.put('/orders/{id}/rating', { path: { id }, body }) : api.post('/orders/{id}/rating', { path: { id }, body }),
  matters: (cursor?: string) => api.get('/matters', { query: { cursor } }),
  matter: (id: string) => api.get('/matters/{id}', { path: { id } }),
  make: (body: MatterIn) => api.post('/matters', { body }),
  climb: (id: string, words?: string) => api.post('/matters/{id}/climb', { path: { id }, body: { words } }),
  withdraw: (id: string) => api.post('/matters/{id}/withdraw', { path: { id } }),
  follow: (id: string, level: number) => api.post('/matters/{id}/follow-rating', { path: { id }, body: { level } }),
  stillFixed: (id: string, fixed: boolean, words?: string) => api.post('/matters/{id}/still-fixed', { path: { id }, body: { fixed, words } }),
}

/** What is reported around a place. */
export const hazards = {
  near: (point: Point, metres: number, cursor?: string) => api.get('/hazards', { query: { ...at(point), metres, cursor } }),
  one: (id: string) => api.get('/hazards/{id}', { path: { id } }),
  following: () => api.get('/me/following'),
  follow: (order: string) => api.post('/visits/{order}/follow', { path: { order } }),
  stop: (order: string) => api.post('/visits/{order}/stop-following', { path: { order } }),
}

/** People who come. */
export const workers = {
  card: (id: string) => api.get('/workers/{id}', { path: { id } }),
  refused: () => api.get('/me/refused-workers'),
  refuse: (order_id: string, reason?: string) => api.post('/me/refused-workers', { body: { order_id, reason } }),
  allow: (worker: string, subject?: string) => api.delete('/me/refused-workers/{worker}', { path: { worker }, query: { subject } }),
}

/** Pictures: one's own and those of an order, and the one everybody may see of a shared report. */
export const pictures = {
  send: (bytes: ArrayBuffer) => api.upload('/files', bytes),
  bytes: (id: string) => api.download('/files/{id}', { path: { id } }),
  shared: (id: string) => api.download('/hazards/{id}/picture', { path: { id } }),
}

/** An order as it was asked for, or the report of the same that is followed now. */
export const isFollowed = (asked: Order | { order_id: string }): asked is { order_id: string } => !('visit' in asked) && 'order_id' in asked

import { http } from '@/api'
import type { Method } from './http'
import { fillPath } from './client'
import type { Kind, Order, Words } from './types'

// Somebody comes: what is asked for, who comes, and how it was.

export interface Point {
  lat: number
  lon: number
}

/** What a visit of a kind is like. */
export interface VisitTerms {
  ways: ('ranked' | 'board' | 'batch' | 'contract' | 'staff')[]
  price_form: PriceForm
  price_fen: number
  minutes: number
  circle_minutes: number
  place: 'home' | 'spot'
  code: boolean
  photos: boolean
  may_be_private: boolean
  thing?: Words
  urgent: boolean
  wishes: ('gender' | 'language' | 'worker')[]
  days_ahead: number
}
export type PriceForm = 'free' | 'fixed' | 'hourly' | 'quote'
export type VisitKind = Kind & { visit?: VisitTerms }

export interface Compound {
  id: string
  name: Words
  area_code: string
  point: Point
  property?: Words
}
export interface AddressIn {
  label: string
  text: string
  detail: string
  point?: Point
  compound_id?: string
}
export interface Address {
  id: string
  label: string
  text: string
  detail: string
  area_code: string
  compound_id?: string
  point: Point
}
/** The nearest point of a street, and where it lies. */
export interface NearStreet {
  point: Point
  area_code?: string
  area_name?: Words
}

export interface VisitIn {
  kind: string
  subject_id?: string
  address: { id: string } | { text: string; detail: string; point?: Point; compound_id?: string }
  when: { now: true } | { from: string; until: string }
  form: Record<string, string>
  note?: string
  thing?: string
  wishes?: { gender?: string; language?: string; worker_id?: string; not_worker_ids?: string[] }
  wider: boolean
  private: boolean
  pay_by: 'cash' | 'district' | 'free'
}
/** Asked for; or, where the same is reported already, that report is followed. */
export type Asked = VisitOrder | { order_id: string }
export interface EmergencyCall {
  urgency?: 'perhaps' | 'now'
  numbers?: { number: string; words: Words }[]
  words?: Words
}
export interface VisitPreview {
  price_form: PriceForm
  price_fen: number
  minutes: number
  from: string
  until: string
  nearby: number
  reach_words: Words
  nearest_seconds?: number
  responsible?: Words
  /** The same is reported already: asking for it follows that report. */
  same: boolean
  problem?: { status: number; code: string; title: string; detail: string }
}

export type VisitState = 'seeking' | 'offered' | 'accepted' | 'on_the_way' | 'arrived' | 'working' | 'done' | 'failed' | 'over'
export interface VisitWorker {
  id: string
  name: string
  initial: string
  gender: string
  travel: 'foot' | 'ebike' | 'car'
  rating?: { mean: number; count: number }
}
export interface Position {
  point?: Point
  at?: string
  age_seconds?: number
  estimated: boolean
  seconds_left?: number
  words: Words
}
export interface Visit {
  state: VisitState
  state_words: Words
  way: string
  address: { text: string; detail: string; point: Point }
  is_now: boolean
  from: string
  until: string
  minutes: number
  price_form: PriceForm
  quote?: { fen: number; note: string; state: string }
  pay_by: 'cash' | 'district' | 'free'
  worker?: VisitWorker
  reasons: Words[]
  code?: string
  note: string
  wider: boolean
  is_private: boolean
  travel_seconds?: number
  pictures: { id: string; moment: string; url: string }[]
  accept_by?: string
  arrive_by?: string
  on_way_at?: string
  arrived_at?: string
  started_at?: string
  done_at?: string
  late: boolean
  nobody: boolean
  next_step?: { key: string; words: Words }
  call_until?: string
  followers: number
  failure?: string
}
export type VisitOrder = Order & { visit?: Visit }

export interface Picture {
  id: string
  url: string
}
export interface RatingTag {
  key: string
  words: Words
}
export interface RatingLevel {
  level: number
  words: Words
  resident: RatingTag[]
}
export interface Rating {
  level: number
  level_words: Words
  tags: RatingTag[]
  words?: string
  picture_ids: string[]
  at: string
  editable_until?: string
  answer?: string
}
export interface OrderRatings {
  order_id: string
  resident?: Rating
  worker?: Rating
  rate_until?: string
  shown_from?: string
  actions: string[]
}
export interface RatingIn {
  level: number
  tags: string[]
  words?: string
  picture_ids: string[]
}

export type MatterState = 'asked' | 'open' | 'contacted' | 'answered' | 'closed' | 'withdrawn'
export interface Matter {
  id: string
  version: number
  form: 'poor_rating' | 'complaint' | 'praise' | 'still_fixed'
  form_words: Words
  state: MatterState
  state_words: Words
  level_words: Words
  order_id?: string
  service?: Words
  organisation?: Words
  area_name: Words
  words?: string
  picture_ids: string[]
  rating?: Rating
  owner?: string
  contact_by?: string
  contacted_at?: string
  answer_by?: string
  answer?: string
  answered_at?: string
  follow_level?: number
  late: boolean
  created_at: string
  actions: string[]
  timeline: { at: string; event: string; event_words: Words; by: Words; words?: string }[]
}
export interface MatterIn {
  form: 'complaint' | 'praise'
  order_id?: string
  words: string
  picture_ids: string[]
}

export interface Hazard {
  id: string
  kind: string
  kind_name: Words
  what: string
  address: string
  point: Point
  state: string
  state_words: Words
  since: string
  changed_at: string
  followers: number
  picture?: string
}
export interface WorkerCard {
  id: string
  name: string
  initial: string
  about: string
  kinds: { kind: string; name: Words }[]
  rating?: { mean: number; count: number }
  done: number
  since?: string
  reviews: { level: number; words: string; answer?: string; day: string }[]
}
export interface RefusedWorker {
  worker_id?: string
  name: string
  subject?: { id: string; name: string }
  reason: string
  since: string
}
/** Lines of the district's map by class. */
export interface Drawing {
  features: { properties: { class: string; name?: Words }; geometry: { coordinates: [number, number][][] } }[]
}

interface Sent {
  path?: Record<string, unknown>
  query?: Record<string, unknown>
  body?: unknown
  key?: string
}
async function call<T>(method: Method, template: string, { path, query, body, key }: Sent = {}): Promise<T> {
  return (await http.send({ method, path: fillPath(template, path, query), body, idempotencyKey: key })) as T
}
type List<T> = { items: T[]; next?: string }
const at = ({ lat, lon }: Point) => ({ lat: lat.toFixed(6), lon: lon.toFixed(6) })

/** Addresses of one's own, compounds, and what stands on the map. */
export const places = {
  addresses: () => call<List<Address>>('GET', '/me/addresses'),
  keep: (id: string | undefined, body: AddressIn) =>
    id ? call<Address>('PUT', '/me/addresses/{id}', { path: { id }, body }) : call<Address>('POST', '/me/addresses', { body }),
  forget: (id: string) => call<void>('DELETE', '/me/addresses/{id}', { path: { id } }),
  compounds: (q: string) => call<List<Compound>>('GET', '/compounds', { query: { q } }),
  near: (point: Point) => call<NearStreet>('GET', '/streets/near', { query: at(point) }),
  drawing: () => call<Drawing>('GET', '/streets/drawing'),
}

/** Asking for somebody to come, and what happens until they have been. */
export const visits = {
  preview: (body: VisitIn) => call<VisitPreview>('POST', '/visits/preview', { body }),
  ask: (body: VisitIn, key: string) => call<Asked>('POST', '/visits', { body, key }),
  order: (id: string) => call<VisitOrder>('GET', '/orders/{id}', { path: { id } }),
  step: (id: string, step: 'agree' | 'reopen' | 'cancel', body: { version: number; reason?: string }, key: string) =>
    call<VisitOrder>('POST', `/orders/{id}/${step}`, { path: { id }, body, key }),
  widen: (order: string, key: string) => call<VisitOrder>('POST', '/visits/{order}/widen', { path: { order }, key }),
  later: (order: string, body: { from: string; until: string }, key: string) => call<VisitOrder>('POST', '/visits/{order}/later', { path: { order }, body, key }),
  quote: (order: string, answer: { agree: boolean; fen: number }, key: string) => call<void>('POST', '/visits/{order}/quote', { path: { order }, body: answer, key }),
  picture: (order: string, file_id: string) => call<void>('POST', '/visits/{order}/pictures', { path: { order }, body: { file_id } }),
  position: (id: string) => call<Position>('GET', '/orders/{id}/position', { path: { id } }),
  call: (id: string) => call<{ number: string; words: Words; until: string }>('POST', '/orders/{id}/call', { path: { id } }),
  emergency: (text: string) => call<EmergencyCall>('GET', '/emergency-words', { query: { text } }),
}

/** How it was, and what is to be put right. */
export const feedback = {
  levels: (kind: string) => call<{ items: RatingLevel[] }>('GET', '/rating-tags', { query: { kind } }),
  ratings: (id: string) => call<OrderRatings>('GET', '/orders/{id}/ratings', { path: { id } }),
  rate: (id: string, body: RatingIn, again: boolean) => call<OrderRatings>(again ? 'PUT' : 'POST', '/orders/{id}/rating', { path: { id }, body }),
  report: (order: string, reason: string) => call<void>('POST', '/ratings/{order}/report', { path: { order }, body: { reason } }),
  matters: (cursor?: string) => call<List<Matter>>('GET', '/matters', { query: { cursor } }),
  matter: (id: string) => call<Matter>('GET', '/matters/{id}', { path: { id } }),
  make: (body: MatterIn) => call<Matter>('POST', '/matters', { body }),
  climb: (id: string, words?: string) => call<Matter>('POST', '/matters/{id}/climb', { path: { id }, body: { words } }),
  withdraw: (id: string) => call<Matter>('POST', '/matters/{id}/withdraw', { path: { id } }),
  follow: (id: string, level: number) => call<Matter>('POST', '/matters/{id}/follow-rating', { path: { id }, body: { level } }),
  stillFixed: (id: string, fixed: boolean, words?: string) => call<Matter>('POST', '/matters/{id}/still-fixed', { path: { id }, body: { fixed, words } }),
}

/** What is reported around a place. */
export const hazards = {
  near: (point: Point, metres: number, cursor?: string) => call<List<Hazard>>('GET', '/hazards', { query: { ...at(point), metres, cursor } }),
  one: (id: string) => call<Hazard>('GET', '/hazards/{id}', { path: { id } }),
  following: () => call<{ items: Hazard[] }>('GET', '/me/following'),
  follow: (order: string) => call<Hazard>('POST', '/visits/{order}/follow', { path: { order } }),
  stop: (order: string) => call<void>('POST', '/visits/{order}/stop-following', { path: { order } }),
}

/** People who come. */
export const workers = {
  card: (id: string) => call<WorkerCard>('GET', '/workers/{id}', { path: { id } }),
  refused: () => call<List<RefusedWorker>>('GET', '/me/refused-workers'),
  refuse: (order_id: string, reason?: string) => call<List<RefusedWorker>>('POST', '/me/refused-workers', { body: { order_id, reason } }),
  allow: (worker: string, subject?: string) => call<void>('DELETE', '/me/refused-workers/{worker}', { path: { worker }, query: { subject } }),
}

/** Pictures. */
export const pictures = {
  send: async (bytes: ArrayBuffer) => (await http.send({ method: 'POST', path: '/files', file: bytes })) as Picture,
  bytes: async (id: string) => (await http.send({ method: 'GET', path: `/files/${id}`, binary: true })) as ArrayBuffer,
}

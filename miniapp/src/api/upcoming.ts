import type { components } from './schema'

// What the server is about to say, written by hand until its document says it. The shape is the document's own, so that nothing but
// this file changes on the day it does.

type Schemas = components['schemas']
type Words = Schemas['Words']

interface Page<T> {
  items: T[]
  next?: string
}

/** An operation as the document writes it: answer, query, path, body. */
interface Op<A, Q = never, P = never, B = never> {
  parameters: { query?: Q; path: P }
  requestBody: { content: { 'application/json': B } }
  responses: { 200: { content: { 'application/json': A } } }
}
type ById = { id: string }

export type Audience = 'elders' | 'children'
export type SessionForm = 'event' | 'term' | 'group'

/** What an order says beyond the document. */
export interface UpcomingOrder {
  session?: { attended?: number; planned?: number }
  course?: { id: string; key: string; name: Words; visit: number; visits?: number }
}
type Order = Schemas['Order'] & UpcomingOrder
export interface OrderIn {
  course?: string
}

export interface Meeting {
  id: string
  number: number
  start: string
  end: string
  topic?: Words
  place?: Words
  state: 'planned' | 'cancelled'
  reason?: string
}
export interface Certificate {
  number: string
  name: string
  title: Words
  organisation: Words
  place: Words
  first_day: string
  last_day: string
  attended: number
  planned: number
  minutes: number
  issued_on: string
  words: Words
}

export interface SessionCard {
  id: string
  offering_id: string
  kind: string
  kind_name: Words
  platform: string
  form: SessionForm
  title: Words
  about: Words
  organisation: Schemas['OrganisationRef']
  place: Schemas['Place']
  first?: string
  last?: string
  next?: { start: string; end: string }
  meetings: number
  seats: number
  free: number
  waiting: number
  left: Schemas['LeftKey']
  price_fen: number
  free_of_charge: boolean
  age?: { min?: number; max?: number }
  residents_of?: Words
  opens_at?: string
  closes_at?: string
  bookable: boolean
  can_wait: boolean
  why_not?: string
  state: 'draft' | 'open' | 'cancelled'
  meetings_list?: Meeting[]
  changes_until_words?: Words
  provider?: Schemas['Provider']
}
export interface Programme {
  area_code: string
  area_name: Words
  week: string
  theme?: { month: string; title: Words; about: Words }
  days: { day: string; holiday?: Words; items: { session: SessionCard; meeting: Meeting }[] }[]
}

export interface CourseView {
  id: string
  key: string
  kind: string
  name: Words
  subject: Schemas['PersonRef']
  state: 'active' | 'done' | 'left'
  visits: {
    number: number
    state: 'done' | 'booked' | 'due' | 'later'
    day?: string
    order_id?: string
    earliest?: string
    latest?: string
    elsewhere: boolean
  }[]
  next?: {
    number: number
    earliest?: string
    latest?: string
    proposed?: { offering_id: string; start: string; place_name: Words; provider_name?: Words }
  }
}
export interface Contract {
  id: string
  kind: string
  offering_id: string
  doctor: { name: Words; title: Words }
  organisation: Schemas['OrganisationRef']
  place: Schemas['Place']
  subject: Schemas['PersonRef']
  group: { key: string; name: Words }
  state: 'requested' | 'active' | 'ended' | 'rejected'
  state_words: Words
  from: string
  until: string
  reason?: string
  renewable: boolean
  actions: string[]
}
export interface Panel {
  capacity: number
  signed: number
  left: Schemas['LeftKey']
}

export interface Channels {
  sms: boolean
  quiet_from: string
  quiet_to: string
  digest: 'off' | 'daily'
  digest_at: string
}
export interface WechatMessage {
  template: 'held_place' | 'reminder' | 'booking' | 'notice'
  wechat_id: string
  name: Words
  kept: number
}
export interface Announcement {
  id: string
  title: Words
  body: Words
  urgent: boolean
  until?: string
  created_at: string
  area_code: string
  area_name: Words
}

export type FoundWhat = 'kind' | 'offering' | 'place' | 'organisation' | 'session'
export interface Found {
  what: FoundWhat
  id: string
  title: Words
  line: Words
  platform?: string
  area_code?: string
  distance_m?: number
  next?: { day: string; left: Schemas['LeftKey'] }
  price_fen?: number
  phone?: string
}
export type FavouriteWhat = 'offering' | 'place' | 'organisation' | 'session'
export interface Favourite {
  what: FavouriteWhat
  id: string
  title: Words
  line: Words
  gone: boolean
}
export interface Again {
  offering_id: string
  kind_name: Words
  title: Words
  place_name: Words
  provider_name?: Words
  subject: Schemas['PersonRef']
  last_day: string
}

interface List<T> {
  items: T[]
}

/** Paths the document does not have yet, or has with less. */
export interface UpcomingPaths {
  '/orders': {
    get: Op<Page<Order>, { scope?: 'open' | 'past'; cursor?: string; limit?: number }>
    post: Op<Order, never, never, Schemas['PlaceIn'] & OrderIn>
  }
  '/orders/preview': { post: Op<Schemas['Preview'], never, never, Schemas['PreviewIn'] & OrderIn> }
  '/orders/{id}/excuse': { post: Op<Order, never, ById, { meeting_id: string; version: number; reason?: string }> }
  '/orders/{id}/certificate': { get: Op<Certificate, never, ById> }
  '/certificates/{number}': { get: Op<{ valid: boolean; name_masked: string; title: Words; organisation: Words; issued_on: string }, never, { number: string }> }
  '/orders/{id}/calendar': { get: Op<string, never, ById> }
  '/sessions': {
    get: Op<
      Page<SessionCard>,
      {
        platform?: string
        kind?: string
        area?: string
        organisation?: string
        offering?: string
        from?: string
        to?: string
        form?: SessionForm
        free?: boolean
        audience?: Audience
        cursor?: string
        limit?: number
      }
    >
  }
  '/sessions/{id}': { get: Op<SessionCard, never, ById> }
  '/programme': { get: Op<Programme, { area?: string; week?: string }> }
  '/courses': { get: Op<List<CourseView>, { subject?: string }> }
  '/courses/{id}': { get: Op<CourseView, never, ById> }
  '/courses/{id}/leave': { post: Op<CourseView, never, ById> }
  '/contracts': { get: Op<List<Contract>>; post: Op<Contract, never, never, { offering_id: string; subject_id?: string; group: string }> }
  '/contracts/{id}/renew': { post: Op<Contract, never, ById> }
  '/contracts/{id}/end': { post: Op<Contract, never, ById, { reason?: string }> }
  '/offerings/{id}/panel': { get: Op<Panel, never, ById> }
  '/me/channels': { get: Op<Channels>; put: Op<Channels, never, never, Channels> }
  '/me/wechat-messages': {
    get: Op<List<WechatMessage>>
    post: Op<unknown, never, never, { results: { template: WechatMessage['template']; accepted: boolean }[] }>
  }
  '/announcements': { get: Op<Page<Announcement>, { area: string; cursor?: string; limit?: number }> }
  '/search': {
    get: Op<
      { items: Found[]; total: number },
      {
        q: string
        area?: string
        lat?: number
        lon?: number
        when?: 'today'
        free?: boolean
        audience?: Audience
        what?: FoundWhat
        limit?: number
      }
    >
  }
  '/me/favourites': { get: Op<List<Favourite>> }
  '/me/favourites/{what}/{id}': {
    put: Op<unknown, never, { what: FavouriteWhat; id: string }>
    delete: Op<unknown, never, { what: FavouriteWhat; id: string }>
  }
  '/me/again': { get: Op<List<Again>> }
  '/me/calendar': { get: Op<{ url?: string; made_at?: string }>; post: Op<{ url: string }>; delete: Op<unknown> }
}

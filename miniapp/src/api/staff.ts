import type { components } from './schema'
import type { Call, DeskOrder, DeskPerson, Offering, Order, Place, Words } from './types'


// Short names for what the server's document says about the work of staff.

type Schemas = components['schemas']

export type FreeDay = Schemas['Free']

type Json<T> = { content: { 'application/json': T } }
type Op<Asked extends { path?: object; query?: object; body?: unknown }, Answer> = {
  parameters: { path: Asked extends { path: infer P } ? P : never; query: Asked extends { query: infer Q } ? Q : never }
  requestBody: Json<Asked extends { body: infer B } ? B : never>
  responses: { 200: Json<Answer> }
}
type List<T> = { items: T[]; next?: string }
type Id = { path: { id: string } }

export interface SessionCard {
  id: string
  offering_id: string
  kind: string
  kind_name: Words
  platform: string
  form: 'event' | 'term' | 'group'
  title: Words
  about: Words
  organisation: { id: string; name: Words; phone: string }
  place: Place
  first?: string
  last?: string
  next?: { start: string; end: string }
  meetings: number
  seats: number
  free: number
  waiting: number
  left: string
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
  version?: number
  taken?: number
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
export interface PatternIn {
  weekdays: number[]
  from: string
  to: string
  first_day: string
  count?: number
  last_day?: string
  skip_holidays: boolean
  unit_id?: string
}
export interface MeetingIn {
  start: string
  end: string
  topic?: Words
  unit_id?: string
}
export interface SessionIn {
  offering_id: string
  form: 'event' | 'term' | 'group'
  title: Words
  about?: Words
  seats: number
  age?: { min?: number; max?: number }
  residents_of?: string
  price_fen?: number
  opens_at?: string
  closes_at?: string
  draft: boolean
  meetings?: MeetingIn[]
  pattern?: PatternIn
}
export interface Problem {
  code: string
  words: Words
}
export interface DatesPreview {
  meetings: { start: string; end: string; ok: boolean; problem?: Problem }[]
  skipped: { day: string; name: Words }[]
}
export type Mark = 'present' | 'absent' | 'excused'
export interface RosterItem {
  order_id: string
  version: number
  subject: { id: string; name: string; age?: number; phone_masked?: string }
  state: Order['state']
  position?: number
  marks: { meeting_id: string; mark: Mark }[]
}
export interface Roster {
  session: SessionCard
  meetings: Meeting[]
  items: RosterItem[]
}
export interface Programme {
  area_code: string
  area_name: Words
  week: string
  theme?: { month: string; title: Words; about: Words }
  days: { day: string; holiday?: Words; items: { session: SessionCard; meeting: Meeting }[] }[]
}
export interface CopyResult {
  made: { session_id?: string; title: Words; start: string }[]
  skipped: { title: Words; start: string; problem: Problem }[]
}
export interface Theme {
  area_code: string
  month: string
  title: Words
  about: Words
}
export interface CourseVisit {
  number: number
  state: 'done' | 'booked' | 'due' | 'later'
  day?: string
  order_id?: string
  earliest?: string
  latest?: string
  elsewhere: boolean
}
export interface CourseView {
  id: string
  key: string
  kind: string
  name: Words
  subject: { id: string; name: string }
  state: 'active' | 'done' | 'left'
  visits: CourseVisit[]
  next?: { number: number; earliest?: string; latest?: string }
}
export interface Contract {
  id: string
  kind: string
  offering_id: string
  doctor?: { name: Words; title?: Words }
  subject: { id: string; name: string }
  group: { key: string; name: Words }
  state_words: Words
  reason?: string
  state: 'requested' | 'active' | 'ended' | 'rejected'
  from: string
  until: string
}
export interface Panel {
  capacity: number
  signed: number
  requested: number
  groups: { key: string; name: Words; count: number }[]
  items: Contract[]
  next?: string
}
export type Presence = 'missing' | 'expected' | 'there' | 'gone' | 'not_come'
export interface CareItem {
  order_id: string
  version: number
  subject: { id: string; name: string; age?: number; phone_masked?: string }
  state: Order['state']
  presence: Presence
  start: string
  end: string
  came_at?: string
  left_at?: string
  actions: string[]
}
export interface Organisation {
  id: string
  name: Words
  phone: string
  area_code: string
  key: string
}
export type Rules = Record<string, number | string | boolean | Record<string, unknown>>
export interface ScheduleLine {
  weekdays: number[]
  from: string
  to: string
  slot_minutes: number
  capacity: number
}
export type Shape = 'slot' | 'session' | 'resource' | 'dispatch' | 'delivery' | 'case'
export interface ManagedRow {
  offering: Offering
  key: string
  shape?: Shape
  ended: boolean
}
export interface ManagedOffering {
  offering: Offering
  key: string
  shape?: Shape
  version: number
  bounds?: Record<string, { min: number; max: number }>
  versions: { version: number; rules: Rules; valid_from: string; valid_until?: string; author_name?: string; created_at: string; orders: number }[]
  schedule: (ScheduleLine & { valid_from: string; valid_until?: string })[]
  exceptions: { id: string; what: 'closed' | 'extra'; day: string; from: string; to: string; slot_minutes?: number; capacity?: number; reason: string; author_name?: string }[]
  units: { id: string; name: Words; position: number; valid_from: string; valid_until?: string }[]
}
export interface ManagedProvider {
  id: string
  key: string
  name: Words
  title: Words
  department: Words
  gender: string
  version: number
}
export interface StaffGrant {
  grant_id: string
  name: string
  phone_masked?: string
  role: string
  role_name: Words
  valid_until?: string
}
export type ImportKind = 'schedules' | 'staff' | 'offerings'
export interface ImportResult {
  what: ImportKind
  format: 'csv' | 'xlsx'
  encoding?: string
  rows: number
  good: number
  changes: number
  applied: boolean
  errors: { row: number; column?: string; value?: string; problem: Words }[]
  more_errors: number
}
export interface AnnouncementIn {
  area_code: string
  groups: string[]
  title: { zh: string; en?: string }
  body: { zh: string; en?: string }
  urgent: boolean
  until?: string
}
export interface Reach {
  people: number
  inbox: number
  wechat: number
  sms: number
  digest: number
  calls: number
}
export interface Announcement {
  id: string
  area_code: string
  area_name: Words
  groups: { key: string; name: Words }[]
  title: Words
  body: Words
  urgent: boolean
  until?: string
  state: 'sending' | 'sent' | 'withdrawn'
  total: number
  reached: number
  author_name: string
  created_at: string
  withdrawn_at?: string
}
export interface Overview {
  area: string
  day: string
  totals: { booked: number; there: number; done: number; missed: number; waiting: number; requests: number; calls: number }
  offerings: { offering: Offering; counts: { booked: number; there: number; done: number; missed: number; waiting: number } }[]
  meetings: { session_id: string; title: Words; start: string; end: string; place: Words; booked: number; present: number }[]
  rooms: { offering: Offering; items: { start: string; end: string; unit?: Words; subject_name: string }[] }[]
  calls: Call[]
  requests: DeskOrder[]
}
declare module './schema' {
  interface paths {
    '/desk/sessions': {
      get: Op<{ query: { organisation?: string; area?: string; scope?: 'upcoming' | 'past' | 'draft'; cursor?: string } }, List<SessionCard>>
      post: Op<{ body: SessionIn }, SessionCard>
    }
    '/desk/sessions/preview': { post: Op<{ body: SessionIn }, DatesPreview> }
    '/desk/sessions/{id}': { get: Op<Id, SessionCard>; patch: Op<Id & { body: { version: number } & Partial<SessionIn> }, SessionCard> }
    '/desk/sessions/{id}/open': { post: Op<Id & { body: { version: number } }, SessionCard> }
    '/desk/sessions/{id}/cancel': { post: Op<Id & { body: { version: number; reason: string } }, SessionCard> }
    '/desk/sessions/{id}/meetings': { post: Op<Id & { body: MeetingIn }, SessionCard> }
    '/desk/meetings/{id}': { patch: Op<Id & { body: Partial<MeetingIn> & { reason?: string } }, SessionCard> }
    '/desk/meetings/{id}/cancel': { post: Op<Id & { body: { reason: string } }, SessionCard> }
    '/desk/sessions/{id}/roster': { get: Op<Id, Roster> }
    '/desk/meetings/{id}/attendance': { put: Op<Id & { body: { marks: { order_id: string; mark: Mark }[] } }, Roster> }
    '/programme': { get: Op<{ query: { area: string; week: string } }, Programme> }
    '/themes': { get: Op<{ query: { area: string; month?: string } }, List<Theme>> }
    '/desk/themes': { put: Op<{ body: Theme }, Theme> }
    '/desk/programme/copy': {
      post: Op<{ body: { area_code: string; from_week: string; to_week: string; session_ids?: string[]; dry_run: boolean } }, CopyResult>
    }
    '/desk/people/{id}/courses': {
      get: Op<Id, List<CourseView>>
      post: Op<Id & { body: { key: string; visit: number; day: string; note: string } }, CourseView>
    }
    '/desk/contracts': {
      get: Op<{ query: { offering: string; state?: string; group?: string; cursor?: string } }, Panel>
      post: Op<{ body: { offering_id: string; person_id: string; group: string } }, Contract>
    }
    '/desk/contracts/{id}/approve': { post: Op<Id, Contract> }
    '/desk/contracts/{id}/reject': { post: Op<Id & { body: { reason: string } }, Contract> }
    '/desk/attendance': { get: Op<{ query: { offering: string; day: string } }, List<CareItem>> }
    '/manage/organisations': { get: Op<object, List<Organisation>> }
    '/manage/offerings': {
      get: Op<{ query: { organisation: string } }, List<ManagedRow>>
      post: Op<{ body: { kind: string; organisation_id: string; place_id: string; provider_id?: string; residents_of?: string; note?: Words; rules?: Rules; valid_from?: string } }, ManagedOffering>
    }
    '/manage/offerings/{id}': {
      get: Op<Id, ManagedOffering>
      patch: Op<Id & { body: { note?: Words; provider_id?: string; residents_of?: string } }, ManagedOffering>
    }
    '/manage/offerings/{id}/versions': { post: Op<Id & { body: { rules: Rules; valid_from: string; version?: number } }, ManagedOffering> }
    '/manage/offerings/{id}/versions/preview': { post: Op<Id & { body: { rules: Rules; valid_from: string; version?: number } }, { rules: Rules; standing_orders: number }> }
    '/manage/offerings/{id}/close': { post: Op<Id & { body: { from: string } }, ManagedOffering> }
    '/manage/offerings/{id}/schedule': { put: Op<Id & { body: { valid_from: string; lines: ScheduleLine[]; keep_orders?: boolean; version?: number } }, ManagedOffering> }
    '/manage/offerings/{id}/schedule/preview': { post: Op<Id & { body: { valid_from: string; lines: ScheduleLine[]; keep_orders?: boolean; version?: number } }, { standing_orders_without_time: number }> }
    '/manage/offerings/{id}/extra-hours': {
      post: Op<Id & { body: { day: string; from: string; to: string; slot_minutes: number; capacity: number; reason: string } }, ManagedOffering>
    }
    '/manage/exceptions/{id}': { delete: Op<Id, unknown> }
    '/manage/offerings/{id}/units': { post: Op<Id & { body: { name: Words } }, ManagedOffering> }
    '/manage/offerings/{id}/units/{unit}': {
      patch: Op<{ path: { id: string; unit: string }; body: { name: Words } }, ManagedOffering>
      delete: Op<{ path: { id: string; unit: string } }, unknown>
    }
    '/manage/providers': {
      get: Op<{ query: { organisation: string } }, List<ManagedProvider>>
      post: Op<{ body: { organisation_id: string; name: Words; title: Words; department?: Words; gender?: string } }, { id: string }>
    }
    '/manage/providers/{id}': { patch: Op<Id & { body: { name?: Words; title?: Words; department?: Words; version?: number } }, unknown> }
    '/manage/staff': {
      get: Op<{ query: { organisation: string } }, List<StaffGrant>>
      post: Op<{ body: { organisation_id: string; phone: string; role: 'organisation_staff' | 'organisation_manager'; valid_until?: string } }, StaffGrant>
    }
    '/manage/staff/{id}': { delete: Op<Id, unknown> }
    '/staff/announcements': { get: Op<{ query: { cursor?: string } }, List<Announcement>>; post: Op<{ body: AnnouncementIn }, Announcement> }
    '/staff/announcements/preview': { post: Op<{ body: AnnouncementIn }, Reach> }
    '/staff/announcements/{id}/withdraw': { post: Op<Id, Announcement> }
    '/desk/export': {
      get: Op<{ query: { what: 'bookings'; offering: string; from: string; to: string; format: 'csv' | 'xlsx' } }, string>
    }
    '/manage/imports/{what}': { post: Op<{ path: { what: ImportKind }; query: { organisation: string; dry_run: boolean; keep_orders?: boolean } }, ImportResult> }
    '/manage/imports/{what}/template': { get: Op<{ path: { what: ImportKind }; query: { format: 'csv' | 'xlsx'; organisation?: string } }, string> }
    '/desk/overview': { get: Op<{ query: { area: string; day: string } }, Overview> }
  }
}

/** Whoever is found at the desk. */
export type Person = DeskPerson

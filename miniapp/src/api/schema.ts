// provisional: replaced by the generated file
type Id = string
type S<T extends { q?: object; path?: object; body?: object; ok: unknown }> = {
  parameters: { query?: T['q']; path: T['path']; header?: object }
  requestBody: { content: { 'application/json': T['body'] } }
  responses: { 200: { content: { 'application/json': T['ok'] } } }
}
type W = components['schemas']
type Items<T> = { items: T[]; next?: string }
export interface components {
  schemas: {
    Words: { zh: string; en: string }
    Problem: { type: string; title: string; status: number; detail: string; code: string; field?: string; retry_after?: number; request_id?: string }
    Service: { mode: 'demo' | 'live'; district: W['Words']; area_code: string; now: string; sms_login: boolean; wechat_login: boolean; help_phone: string; demo_logins?: { phone: string; name: string; role: W['Words'] }[] }
    Area: { code: string; parent_code?: string; level: 'district' | 'street' | 'community' | 'section' | 'group'; kind: string; name: W['Words']; path: W['Words'][] }
    Platform: { key: string; name: W['Words']; summary: W['Words']; icon: string; notice?: W['Words']; kinds: W['Kind'][] }
    Kind: {
      key: string; platform: string; name: W['Words']; summary: W['Words']; shape: string; bookable: boolean; confidential: boolean
      not_bookable_why?: 'confidential' | 'not_open_yet'; phone?: string; free: boolean; notice?: W['Words']
      requires: ('identity_verified' | 'birth_date_verified' | 'birth_date_declared' | 'lives_in_district' | 'residence_verified')[]
      age?: { min?: number; max?: number }; form: W['FormField'][]
      limits: { per_day?: number; per_week?: number; open?: number }; no_show?: { count: number; within_days: number; blocked_days: number }
    }
    FormField: { key: string; label: W['Words']; example: W['Words']; required: boolean; max_length: number }
    Place: { id: Id; key: string; kind: string; name: W['Words']; address: W['Words']; area_code: string; latitude: number; longitude: number; phone: string; hours: { weekday: number; from: string; to: string }[]; accessibility: string[] }
    Provider: { id: Id; name: W['Words']; title: W['Words']; department: W['Words']; gender: string }
    Organisation: { id: Id; name: W['Words']; phone: string }
    Offering: {
      id: Id; kind: string; kind_name: W['Words']; platform: string; organisation: W['Organisation']; place: W['Place']; provider?: W['Provider']
      price_fen: number; free: boolean; note?: W['Words']
      rules: { opens_days_before: number; opens_at: string; cancel_until: W['Words']; hold_minutes: number; line: boolean }
      next?: { day: string; left: number | string }; residents_of?: W['Words']
    }
    DayAvailability: { day: string; weekday: number; left: 'many' | 'few' | 'none' | 'line' | 'not_open' | 'closed' | 'past'; free: number; waiting: number; opens_at?: string; holiday?: W['Words']; make_up_workday: boolean; calendar_unknown: boolean }
    Slot: { start: string; end: string; left: 'many' | 'few' | 'none' | 'line' | 'not_open' | 'closed' | 'past'; free: number; waiting: number; bookable: boolean; can_wait: boolean; why_not?: string; opens_at?: string; changes_until: string }
    CodeSent: { expires_in: number; resend_in: number; demo_code?: string }
    Login: { token: string; expires_at: string; me: W['Me'] }
    Me: { account_id: Id; person: W['Person']; phone_masked?: string; wechat_linked: boolean; roles: W['Role'][]; household: W['Person'][]; unread: number }
    Person: { id: Id; version: number; name: string; birth_date?: string; age?: number; community?: W['Area']; address?: string; language: 'zh' | 'en'; large_type: boolean; relation?: 'father' | 'mother' | 'grandparent' | 'other'; facts: W['Fact'][]; identity_masked?: string }
    Fact: { fact: 'identity' | 'birth_date' | 'residence'; status: 'missing' | 'declared' | 'verified' | 'expired'; document?: string; verified_by?: W['Words']; verified_at?: string; expires_at?: string; how: W['Words'] }
    Role: { grant_id: Id; role: 'organisation_staff' | 'case_worker' | 'community_staff' | 'street_staff' | 'district_staff'; name: W['Words']; scope: W['Words']; area_code?: string; organisation_id?: string }
    LoginItem: { id: Id; device: string; created_at: string; seen_at: string; current: boolean }
    Consent: { id?: Id; purpose: string; text_version: string; given_at?: string; withdrawn_at?: string; title: W['Words']; text: W['Words'] }
    Share: { payer: W['Words']; amount_fen: number }
    Preview: { subject: { id: Id; name: string }; offering: W['Offering']; start: string; end: string; price_fen: number; shares: W['Share'][]; changes_until: string; refusal?: W['Problem'] }
    Order: {
      id: Id; version: number; number: string; state: 'requested' | 'waiting' | 'held' | 'confirmed' | 'underway' | 'fulfilled' | 'closed' | 'reopened' | 'rejected' | 'cancelled' | 'expired' | 'no_show'
      state_words: W['Words']; next_step: W['Words']; platform: string; kind: string; kind_name: W['Words']; subject: { id: Id; name: string }
      placed_by: { name: string; authority: 'self' | 'guardian' | 'staff' }; by_for?: W['Words']; offering_id: Id; organisation: W['Organisation']; place: W['Place']; provider?: W['Provider']
      start: string; end: string; price_fen: number; shares: W['Share'][]; changes_until: string; held_until?: string; line?: { position: number; waiting: number }; check_in_code?: string
      queue?: { number: number; state: 'waiting' | 'called' | 'done' | 'missed'; serving?: number; ahead: number }; form: { label: W['Words']; value: string }[]
      actions: ('accept' | 'decline' | 'cancel' | 'move' | 'leave_line' | 'agree' | 'reopen')[]; timeline: { at: string; event: string; words: W['Words']; by: W['Words'] }[]
    }
    Notice: { id: Id; topic: string; title: W['Words']; body: W['Words']; order_id?: Id; at: string; read_at?: string }
    DeskOrder: {
      order: Id; version: number; state: W['Order']['state']; state_words: W['Words']; start: string; end: string; subject: { id: Id; name: string; age?: number; phone_masked?: string }
      placed_by: W['Words']; check_in_code: string; walk_in: boolean; form: { label: W['Words']; value: string }[]
      ticket?: { number: number; state: 'waiting' | 'called' | 'done' | 'missed'; arrived_at: string; called_at?: string }
      actions: ('check_in' | 'call' | 'done' | 'missed' | 'recall' | 'no_show' | 'cancel')[]; offering?: W['Offering']
    }
    DeskDay: { day: string; offering: W['Offering']; serving?: number; items: W['DeskOrder'][]; slots: W['Slot'][] }
    DeskPerson: { id: Id; name: string; age?: number; phone_masked?: string; community?: W['Area']; facts: W['Fact'][] }
    Call: { id: Id; person: { id: Id; name: string; phone: string }; reason: W['Words']; order_id?: Id; created_at: string }
  }
}
type PathId = { id: Id }
type Page = { cursor?: string; limit?: number }
export interface paths {
  '/service': { get: S<{ ok: W['Service'] }> }
  '/areas': { get: S<{ q: { parent?: string }; ok: { area: W['Area']; children: W['Area'][] } }> }
  '/platforms': { get: S<{ ok: Items<W['Platform']> }> }
  '/places': { get: S<{ q: { platform?: string; area?: string }; ok: Items<W['Place']> }> }
  '/offerings': { get: S<{ q: { platform?: string; kind?: string; place?: string; area?: string; day?: string }; ok: Items<W['Offering']> }> }
  '/offerings/{id}': { get: S<{ path: PathId; ok: W['Offering'] }> }
  '/offerings/{id}/days': { get: S<{ path: PathId; q: { from?: string; days?: number }; ok: Items<W['DayAvailability']> }> }
  '/offerings/{id}/slots': { get: S<{ path: PathId; q: { day: string }; ok: { day: string; items: W['Slot'][] } }> }
  '/login/code': { post: S<{ body: { phone: string }; ok: W['CodeSent'] }> }
  '/login': { post: S<{ body: { phone: string; code: string; device?: string }; ok: W['Login'] }> }
  '/login/wechat': { post: S<{ body: { code: string; device?: string }; ok: { known: boolean; login?: W['Login']; ticket?: string } }> }
  '/login/wechat/phone': { post: S<{ body: { ticket: string; phone_code: string; device?: string }; ok: W['Login'] }> }
  '/login/wechat/link': { post: S<{ body: { ticket: string; phone: string; code: string; device?: string }; ok: W['Login'] }> }
  '/me': {
    get: S<{ ok: W['Me'] }>
    patch: S<{ body: { version: number; name?: string; birth_date?: string; community_code?: string; address?: string; language?: 'zh' | 'en'; large_type?: boolean }; ok: W['Me'] }>
    delete: S<{ ok: undefined }>
  }
  '/me/identity': { put: S<{ body: { number: string }; ok: W['Me'] }> }
  '/me/household': { post: S<{ body: { name: string; birth_date: string; relation: 'father' | 'mother' | 'grandparent' | 'other'; consent_under_14?: boolean }; ok: W['Person'] }> }
  '/me/household/{person}': {
    patch: S<{ path: { person: Id }; body: { version: number; name?: string; birth_date?: string }; ok: W['Person'] }>
    delete: S<{ path: { person: Id }; ok: undefined }>
  }
  '/me/household/{person}/identity': { put: S<{ path: { person: Id }; body: { number: string }; ok: W['Person'] }> }
  '/me/logins': { get: S<{ ok: Items<W['LoginItem']> }>; delete: S<{ ok: undefined }> }
  '/me/logins/{id}': { delete: S<{ path: PathId; ok: undefined }> }
  '/logout': { post: S<{ ok: undefined }> }
  '/me/consents': { get: S<{ ok: Items<W['Consent']> }>; post: S<{ body: { purpose: string }; ok: W['Consent'] }> }
  '/me/consents/{id}': { delete: S<{ path: PathId; ok: undefined }> }
  '/me/export': { get: S<{ ok: unknown }> }
  '/me/audit': { get: S<{ q: Page; ok: Items<{ at: string; action: string; by: W['Words']; detail: W['Words'] }> }> }
  '/orders': {
    get: S<{ q: Page & { scope?: 'open' | 'past' }; ok: Items<W['Order']> }>
    post: S<{ body: { offering_id: Id; start: string; subject_id?: Id; if_full: 'refuse' | 'wait'; form?: Record<string, string> }; ok: W['Order'] }>
  }
  '/orders/preview': { post: S<{ body: { offering_id: Id; start: string; subject_id?: Id }; ok: W['Preview'] }> }
  '/orders/{id}': { get: S<{ path: PathId; ok: W['Order'] }> }
  '/orders/{id}/cancel': { post: S<{ path: PathId; body: { version: number; reason?: string }; ok: W['Order'] }> }
  '/orders/{id}/move': { post: S<{ path: PathId; body: { version: number; start: string; offering_id?: Id }; ok: W['Order'] }> }
  '/orders/{id}/accept': { post: S<{ path: PathId; body: { version: number }; ok: W['Order'] }> }
  '/orders/{id}/decline': { post: S<{ path: PathId; body: { version: number }; ok: W['Order'] }> }
  '/orders/{id}/agree': { post: S<{ path: PathId; body: { version: number }; ok: W['Order'] }> }
  '/orders/{id}/reopen': { post: S<{ path: PathId; body: { version: number; reason: string }; ok: W['Order'] }> }
  '/notices': { get: S<{ q: Page; ok: Items<W['Notice']> }> }
  '/notices/{id}/read': { post: S<{ path: PathId; ok: undefined }> }
  '/notices/read': { post: S<{ ok: undefined }> }
  '/desk/offerings': { get: S<{ ok: Items<W['Offering']> }> }
  '/desk/day': { get: S<{ q: { offering: Id; day: string }; ok: W['DeskDay'] }> }
  '/desk/bookings': { get: S<{ q: { code: string; day: string }; ok: Items<W['DeskOrder']> }> }
  '/desk/orders/{id}/check-in': { post: S<{ path: PathId; body: { version: number }; ok: W['DeskOrder'] }> }
  '/desk/orders/{id}/done': { post: S<{ path: PathId; body: { version: number }; ok: W['DeskOrder'] }> }
  '/desk/orders/{id}/missed': { post: S<{ path: PathId; body: { version: number }; ok: W['DeskOrder'] }> }
  '/desk/orders/{id}/recall': { post: S<{ path: PathId; body: { version: number }; ok: W['DeskOrder'] }> }
  '/desk/orders/{id}/no-show': { post: S<{ path: PathId; body: { version: number }; ok: W['DeskOrder'] }> }
  '/desk/orders/{id}/cancel': { post: S<{ path: PathId; body: { version: number; reason: string }; ok: W['DeskOrder'] }> }
  '/desk/queues/{offering}/next': { post: S<{ path: { offering: Id }; q: { day: string }; ok: W['DeskOrder'] }> }
  '/desk/people': {
    get: S<{ q: { phone?: string; identity?: string }; ok: Items<W['DeskPerson']> }>
    post: S<{ body: { name: string; phone?: string; birth_date?: string; community_code?: string }; ok: W['DeskPerson'] }>
  }
  '/desk/orders': { post: S<{ body: { offering_id: Id; start: string; person_id: Id; if_full: 'refuse' | 'wait'; form?: Record<string, string>; walk_in?: boolean }; ok: W['Order'] }> }
  '/desk/closures/preview': { get: S<{ q: { offering: Id; day: string; from?: string; to?: string }; ok: { orders: number; movable: number } }> }
  '/desk/closures': { post: S<{ body: { offering_id: Id; day: string; from?: string; to?: string; reason: string }; ok: { exception_id: Id; moved: number; cancelled: number } }> }
  '/desk/people/{id}/verifications': { post: S<{ path: PathId; body: { fact: W['Fact']['fact']; document: string; expires_at?: string }; ok: W['Fact'][] }> }
  '/desk/verifications/{id}': { delete: S<{ path: PathId; ok: undefined }> }
  '/desk/calls': { get: S<{ q: Page; ok: Items<W['Call']> }> }
  '/desk/calls/{id}/done': { post: S<{ path: PathId; body: { outcome: string }; ok: undefined }> }
}

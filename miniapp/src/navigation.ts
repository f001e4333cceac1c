// Every page by name, and how to get there.

const pages = {
  home: '/pages/home/index',
  orders: '/pages/orders/index',
  inbox: '/pages/inbox/index',
  me: '/pages/me/index',
  login: '/pages/login/index',
  platform: '/booking/platform',
  offerings: '/booking/offerings',
  offering: '/booking/offering',
  confirm: '/booking/confirm',
  order: '/booking/order',
  move: '/booking/move',
  room: '/booking/room',
  weekly: '/booking/weekly',
  search: '/find/search',
  favourites: '/find/favourites',
  place: '/find/place',
  programme: '/programme/week',
  sessionList: '/programme/sessions',
  session: '/programme/session',
  certificate: '/programme/certificate',
  check: '/programme/check',
  news: '/programme/announcements',
  courses: '/care/courses',
  contracts: '/care/contracts',
  doctors: '/care/doctors',
  sign: '/care/sign',
  careFile: '/homecare/file',
  careContacts: '/homecare/contacts',
  careHealth: '/homecare/health',
  careOpenings: '/homecare/openings',
  visitAsk: '/visit/ask',
  visit: '/visit/order',
  visitRate: '/visit/rate',
  visitLater: '/visit/later',
  worker: '/visit/worker',
  refused: '/visit/refused',
  matters: '/visit/matters',
  matter: '/visit/matter',
  matterNew: '/visit/say',
  addresses: '/visit/addresses',
  address: '/visit/address',
  hazards: '/visit/hazards',
  hazard: '/visit/hazard',
  work: '/work/index',
  workBoard: '/work/board',
  workJob: '/work/job',
  workFile: '/work/file',
  workPapers: '/work/papers',
  workDaysOff: '/work/daysoff',
  workRefused: '/work/refused',
  workEarnings: '/work/earnings',
  workRatings: '/work/ratings',
  profile: '/account/profile',
  community: '/account/community',
  household: '/account/household',
  identity: '/account/identity',
  display: '/account/display',
  sessions: '/account/sessions',
  privacy: '/account/privacy',
  data: '/account/data',
  channels: '/account/channels',
  calendar: '/account/calendar',
  wishes: '/account/wishes',
  desk: '/desk/index',
  deskBook: '/desk/book',
  deskClosure: '/desk/closure',
  deskVerify: '/desk/verify',
  deskCalls: '/desk/calls',
  deskHome: '/desk/home',
  deskRequests: '/desk/requests',
  deskOverview: '/desk/overview',
  deskRooms: '/desk/rooms',
  deskCare: '/desk/care',
  deskPanel: '/desk/panel',
  deskCourses: '/desk/courses',
  announcements: '/desk/announcements',
  deskCareFile: '/homecare/desk',
  careAssess: '/homecare/assess',
  deskCard: '/homecare/card',
  events: '/events/index',
  eventNew: '/events/new',
  event: '/events/event',
  eventRoster: '/events/roster',
  eventProgramme: '/events/programme',
  visitFor: '/visit/forsomebody',
  watchVisits: '/watch/visits',
  watchVisit: '/watch/visit',
  watchHelp: '/watch/help',
  watchMatters: '/watch/matters',
  watchMatter: '/watch/matter',
  watchRatings: '/watch/ratings',
  watchWorkers: '/watch/workers',
  watchWorker: '/watch/worker',
  watchFigures: '/watch/figures',
  watchCoverage: '/watch/coverage',
  watchStatements: '/watch/statements',
  manage: '/manage/index',
  manageOffering: '/manage/offering',
  manageNew: '/manage/new',
  managePeople: '/manage/people',
  manageImports: '/manage/imports',
  more: '/elder/more',
  call: '/elder/call',
} as const

export type PageName = keyof typeof pages
export type TabName = 'home' | 'orders' | 'inbox' | 'me'
type Query = Record<string, string | undefined>

/** A page and what it is opened with. */
export function address(page: PageName, query: Query = {}): string {
  const asked = Object.entries(query)
    .filter((pair): pair is [string, string] => pair[1] !== undefined && pair[1] !== '')
    .map(([name, value]) => `${name}=${encodeURIComponent(value)}`)
  return asked.length > 0 ? `${pages[page]}?${asked.join('&')}` : pages[page]
}

/** Opens a page on top of this one. WeChat keeps ten at most: then the new one takes this one's place. */
export function go(page: PageName, query?: Query): void {
  const url = address(page, query)
  uni.navigateTo({ url, fail: () => uni.redirectTo({ url }) })
}

/** Opens a page in place of this one: going back leads to where this one came from. */
export function replace(page: PageName, query?: Query): void {
  uni.redirectTo({ url: address(page, query) })
}

/** Where a kind begins: events and classes by their dates, doctors with their panels, what somebody comes for by asking for it. */
export function kindPage(kind: { shape?: string; contract?: unknown } | undefined): 'sessionList' | 'doctors' | 'offerings' | 'visitAsk' {
  if (kind?.shape === 'session') return 'sessionList'
  if (kind?.shape === 'dispatch') return 'visitAsk'
  return kind?.contract ? 'doctors' : 'offerings'
}

/** Where an offering of that shape is booked. */
export function offeringPage(offering: { shape?: string }): 'room' | 'sessionList' | 'offering' | 'visitAsk' {
  if (offering.shape === 'resource') return 'room'
  if (offering.shape === 'dispatch') return 'visitAsk'
  return offering.shape === 'session' ? 'sessionList' : 'offering'
}

/** Opens the page on which an offering is booked. */
export function goOffering(offering: { id: string; shape?: string; kind?: string }, more?: Query): void {
  const page = offeringPage(offering)
  if (page === 'visitAsk') return go(page, { kind: offering.kind })
  go(page, page === 'sessionList' ? { offering: offering.id } : { id: offering.id, ...more })
}

/** Opens one of the four main pages. */
export function goTab(tab: TabName): void {
  // #ifdef MP-WEIXIN
  uni.switchTab({ url: pages[tab] })
  // #endif
  // #ifndef MP-WEIXIN
  uni.reLaunch({ url: pages[tab] })
  // #endif
}

/** Back to where the person came from; whoever opened a link directly comes home. */
export function back(): void {
  if (getCurrentPages().length > 1) uni.navigateBack()
  else goTab('home')
}

/** Asks for a login on top of this page, once; after it the person is back here with what they had entered. */
export function toLogin(): void {
  const open = getCurrentPages()
  const here = open[open.length - 1]?.route
  if (here !== undefined && `/${here}` === pages.login) return
  go('login')
}

/** Dials on a phone; where nothing can dial the number stays on the screen to be read. */
export function call(phone: string): void {
  uni.makePhoneCall({ phoneNumber: phone, fail: () => {} })
}

/** Which page is on the screen. */
export function here(): PageName | undefined {
  const open = getCurrentPages()
  const route = `/${open[open.length - 1]?.route ?? ''}`
  return (Object.keys(pages) as PageName[]).find((name) => pages[name] === route)
}

/** Keeps what is chosen on a page in its address: it can be bookmarked, and a reload comes back to it. */
export function keepInAddress(page: PageName, query: Query): void {
  // #ifdef H5
  history.replaceState(history.state, '', `#${address(page, query)}`)
  // #endif
}

/** What a page was opened with: one-word parameters, decoded. */
export function parameter(query: Record<string, unknown> | undefined, name: string): string {
  const value = query?.[name]
  return typeof value === 'string' ? safeDecode(value) : ''
}

function safeDecode(value: string): string {
  try {
    return decodeURIComponent(value)
  } catch {
    return value
  }
}

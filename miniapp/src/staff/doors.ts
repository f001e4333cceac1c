import type { Kind, Offering } from '@/api/types'
import type { IconName } from '@/components/icons'
import type { PageName } from '@/navigation'

/** A way to one of the staff's pages; `words` names its texts, `letter` is pressed after G. */
export interface Door {
  page: PageName
  words: string
  icon: IconName
  letter?: string
}

export interface DoorGroup {
  key: 'today' | 'watch' | 'people' | 'events' | 'manage'
  doors: Door[]
}

/** What a person works with: the desks they serve and what their roles allow beside. */
export interface Reach {
  offerings: readonly Offering[]
  kinds: readonly Kind[]
  areaStaff: boolean
  manager: boolean
}

/** The ways open to a person, those of today first. A door behind which there is nothing of theirs is left out. */
export function doorsFor({ offerings, kinds, areaStaff, manager }: Reach): DoorGroup[] {
  const served = new Set(offerings.map((offering) => offering.kind))
  const own = kinds.filter((kind) => served.has(kind.key))
  const shape = (wanted: string) => own.some((kind) => kind.shape === wanted)
  const some = (door: Door, open: boolean) => (open ? [door] : [])
  const groups: DoorGroup[] = [
    {
      key: 'today',
      doors: [
        ...some({ page: 'desk', words: 'queue', icon: 'queue', letter: 'd' }, shape('slot')),
        ...some({ page: 'deskRequests', words: 'requests', icon: 'check', letter: 'r' }, own.length > 0),
        ...some({ page: 'deskOverview', words: 'overview', icon: 'list', letter: 'o' }, areaStaff),
        ...some({ page: 'deskRooms', words: 'rooms', icon: 'door' }, shape('resource')),
        ...some({ page: 'deskCare', words: 'care', icon: 'family' }, own.some((kind) => kind.attendance)),
        ...some({ page: 'deskCalls', words: 'calls', icon: 'phone', letter: 'c' }, areaStaff),
      ],
    },
    {
      key: 'watch',
      doors: [
        ...some({ page: 'watchVisits', words: 'watch_visits', icon: 'walk', letter: 'v' }, areaStaff || shape('dispatch')),
        ...some({ page: 'watchHelp', words: 'watch_help', icon: 'warn', letter: 'h' }, areaStaff || shape('dispatch')),
        ...some({ page: 'watchMatters', words: 'watch_matters', icon: 'mail', letter: 'm' }, areaStaff || own.length > 0),
        ...some({ page: 'watchRatings', words: 'watch_ratings', icon: 'star' }, areaStaff),
        ...some({ page: 'watchWorkers', words: 'watch_workers', icon: 'shield', letter: 'w' }, areaStaff || manager),
        ...some({ page: 'watchFigures', words: 'watch_figures', icon: 'chart', letter: 'f' }, areaStaff || own.length > 0),
        ...some({ page: 'watchCoverage', words: 'watch_coverage', icon: 'pin' }, areaStaff),
        ...some({ page: 'watchStatements', words: 'watch_statements', icon: 'file' }, areaStaff || manager),
      ],
    },
    {
      key: 'people',
      doors: [
        ...some({ page: 'deskBook', words: 'book', icon: 'calendar', letter: 'b' }, shape('slot')),
        ...some({ page: 'deskPanel', words: 'panel', icon: 'stethoscope' }, own.some((kind) => kind.contract !== undefined)),
        ...some({ page: 'deskCourses', words: 'courses', icon: 'refresh' }, own.some((kind) => (kind.courses?.length ?? 0) > 0)),
        ...some({ page: 'deskVerify', words: 'verify', icon: 'shield', letter: 'i' }, areaStaff),
        ...some({ page: 'deskCareFile', words: 'carefile', icon: 'heart' }, areaStaff),
        ...some({ page: 'deskCard', words: 'card', icon: 'person' }, areaStaff),
        ...some({ page: 'announcements', words: 'announcements', icon: 'speaker', letter: 'a' }, areaStaff),
      ],
    },
    {
      key: 'events',
      doors: [
        ...some({ page: 'events', words: 'events', icon: 'music', letter: 'e' }, shape('session')),
        ...some({ page: 'eventProgramme', words: 'programme', icon: 'calendar', letter: 'p' }, areaStaff || shape('session')),
      ],
    },
    {
      key: 'manage',
      doors: [
        ...some({ page: 'manage', words: 'manage', icon: 'building', letter: 's' }, manager),
        ...some({ page: 'managePeople', words: 'people', icon: 'person' }, manager),
        ...some({ page: 'manageImports', words: 'imports', icon: 'file', letter: 't' }, manager || own.length > 0),
      ],
    },
  ]
  return groups.filter((group) => group.doors.length > 0)
}

/** Behind which door a page lies that has none of its own. */
const inside: Partial<Record<PageName, PageName>> = {
  deskClosure: 'desk',
  careAssess: 'deskCareFile',
  visitFor: 'watchVisits',
  watchVisit: 'watchVisits',
  watchMatter: 'watchMatters',
  watchWorker: 'watchWorkers',
  event: 'events',
  eventNew: 'events',
  eventRoster: 'events',
  manageOffering: 'manage',
  manageNew: 'manage',
}
export const doorOf = (page: PageName | undefined): PageName | undefined => (page && inside[page]) ?? page

/** The doors whose words hold all that is typed, those that begin with it first. */
export function doorsNamed(groups: readonly DoorGroup[], typed: string, wordsOf: (door: Door) => string): Door[] {
  const wanted = typed.trim().toLowerCase().split(/\s+/).filter(Boolean)
  const found = groups.flatMap((group) => group.doors).map((door) => ({ door, words: wordsOf(door).toLowerCase() })).filter(({ words }) => wanted.every((word) => words.includes(word)))
  const first = wanted[0] ?? ''
  return found.sort((a, b) => Number(b.words.startsWith(first)) - Number(a.words.startsWith(first))).map(({ door }) => door)
}

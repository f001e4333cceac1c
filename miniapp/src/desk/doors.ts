import type { Kind, Offering } from '@/api/types'
import type { IconName } from '@/components/icons'
import type { PageName } from '@/navigation'

/** A way from the staff's home page to one of their pages; `words` names its texts. */
export interface Door {
  page: PageName
  words: string
  icon: IconName
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
        ...some({ page: 'desk', words: 'queue', icon: 'queue' }, shape('slot')),
        ...some({ page: 'deskRequests', words: 'requests', icon: 'check' }, own.length > 0),
        ...some({ page: 'deskOverview', words: 'overview', icon: 'list' }, areaStaff),
        ...some({ page: 'deskRooms', words: 'rooms', icon: 'door' }, shape('resource')),
        ...some({ page: 'deskCare', words: 'care', icon: 'family' }, own.some((kind) => kind.attendance)),
        ...some({ page: 'deskCalls', words: 'calls', icon: 'phone' }, areaStaff),
      ],
    },
    {
      key: 'watch',
      doors: [
        ...some({ page: 'watchVisits', words: 'watch_visits', icon: 'walk' }, areaStaff || shape('dispatch')),
        ...some({ page: 'watchHelp', words: 'watch_help', icon: 'warn' }, areaStaff || shape('dispatch')),
        ...some({ page: 'watchMatters', words: 'watch_matters', icon: 'mail' }, areaStaff || own.length > 0),
        ...some({ page: 'watchRatings', words: 'watch_ratings', icon: 'star' }, areaStaff),
        ...some({ page: 'watchWorkers', words: 'watch_workers', icon: 'shield' }, areaStaff || manager),
        ...some({ page: 'watchFigures', words: 'watch_figures', icon: 'list' }, areaStaff || own.length > 0),
        ...some({ page: 'watchCoverage', words: 'watch_coverage', icon: 'pin' }, areaStaff),
        ...some({ page: 'watchStatements', words: 'watch_statements', icon: 'file' }, areaStaff || manager),
      ],
    },
    {
      key: 'people',
      doors: [
        ...some({ page: 'deskBook', words: 'book', icon: 'calendar' }, shape('slot')),
        ...some({ page: 'deskPanel', words: 'panel', icon: 'stethoscope' }, own.some((kind) => kind.contract !== undefined)),
        ...some({ page: 'deskCourses', words: 'courses', icon: 'refresh' }, own.some((kind) => (kind.courses?.length ?? 0) > 0)),
        ...some({ page: 'deskVerify', words: 'verify', icon: 'shield' }, areaStaff),
        ...some({ page: 'announcements', words: 'announcements', icon: 'speaker' }, areaStaff),
      ],
    },
    {
      key: 'events',
      doors: [
        ...some({ page: 'events', words: 'events', icon: 'music' }, shape('session')),
        ...some({ page: 'eventProgramme', words: 'programme', icon: 'calendar' }, areaStaff || shape('session')),
      ],
    },
    {
      key: 'manage',
      doors: [
        ...some({ page: 'manage', words: 'manage', icon: 'building' }, manager),
        ...some({ page: 'managePeople', words: 'people', icon: 'person' }, manager),
        ...some({ page: 'manageImports', words: 'imports', icon: 'file' }, manager || own.length > 0),
      ],
    },
  ]
  return groups.filter((group) => group.doors.length > 0)
}

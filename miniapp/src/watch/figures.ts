import type { Coverage, FiguresRow } from '@/api/staff'
import type { Compound, Place, Point } from '@/api/types'
import type { MapMark } from '@/components/StreetMap.vue'

// How it went, as parts of a whole; and who has what within reach.

/** So many of so many; `share` is missing where there is nothing to be a share of. */
export interface Part {
  count: number
  of: number
  share?: number
}
export const part = (count: number, of: number): Part => ({ count, of, ...(of > 0 && { share: count / of }) })

/** A share as people say it: whole percents, and never all while one is missing, nor none while there is one. */
export function percent(share: number): number {
  const rounded = Math.round(share * 100)
  if (rounded === 100 && share < 1) return 99
  return rounded === 0 && share > 0 ? 1 : rounded
}

export const MEASURES = ['response', 'on_time', 'done', 'satisfied', 'reopened'] as const
export type Measure = (typeof MEASURES)[number]

/** One measure of a line; none where too few rated for anybody to know, so that nobody can tell who said what. */
export function measureOf(row: FiguresRow, measure: Measure): Part | undefined {
  switch (measure) {
    case 'response':
      return part(row.matched, row.requests)
    case 'on_time':
      return part(row.on_time, row.came)
    case 'done':
      return part(row.done, row.requests)
    case 'reopened':
      return part(row.reopened, row.done)
    default:
      return row.satisfied === undefined ? undefined : part(row.satisfied, row.rated)
  }
}

export const rowKey = (row: FiguresRow): string => row.platform ?? row.organisation ?? row.community ?? row.name.zh

/** By what a coverage table can be put in order. */
export type CoverageSort = 'all' | 'elders' | 'missing' | 'name'
export const COVERAGE_SORTS: readonly CoverageSort[] = ['all', 'elders', 'missing', 'name']

const shareOf = (reached: number, all: number): number => (all > 0 ? reached / all : 2)

/** The holes first: the smallest share, or the most people left out; communities nobody is known to live in come last. */
export function inOrder(rows: readonly Coverage[], by: CoverageSort): Coverage[] {
  const key = (row: Coverage): number => {
    if (by === 'elders') return shareOf(row.elders_reached, row.elders)
    return by === 'missing' ? row.reached - row.residents : shareOf(row.reached, row.residents)
  }
  const named = (a: Coverage, b: Coverage) => a.area_code.localeCompare(b.area_code)
  return [...rows].sort(by === 'name' ? named : (a, b) => key(a) - key(b) || named(a, b))
}

/** What stands on the map of coverage: the places there are, and of each community how many reach one, in the middle of where people live. */
export function marksOf(rows: readonly Coverage[], places: readonly Place[], compounds: readonly Compound[], words: { place: (place: Place) => string; share: (row: Coverage, share: number) => string }): MapMark[] {
  const doors = places.filter((place, index) => places.findIndex((other) => other.id === place.id) === index)
  const shares = rows.flatMap((row): MapMark[] => {
    const homes = compounds.filter((one) => one.area_code === row.area_code).map(({ point }) => point)
    const found = part(row.reached, row.residents)
    if (homes.length === 0 || found.share === undefined) return []
    const middle = (pick: (point: Point) => number) => homes.reduce((sum, point) => sum + pick(point), 0) / homes.length
    const share = percent(found.share)
    return [{ id: row.area_code, point: { lat: middle(({ lat }) => lat), lon: middle(({ lon }) => lon) }, look: share < 100 ? 'gap' : 'share', words: words.share(row, share), short: `${share}%` }]
  })
  return [...doors.map((place): MapMark => ({ id: place.id, point: { lat: place.latitude, lon: place.longitude }, look: 'door', words: words.place(place) })), ...shares]
}

/** All communities together. */
export function whole(rows: readonly Coverage[]): { all: Part; elders: Part } {
  const sum = (pick: (row: Coverage) => number) => rows.reduce((total, row) => total + pick(row), 0)
  return { all: part(sum((row) => row.reached), sum((row) => row.residents)), elders: part(sum((row) => row.elders_reached), sum((row) => row.elders)) }
}

import type { Point } from '@/api/types'

/** A place as it is chosen: one that is kept, a compound, or a point on the map. */
export interface PlaceChoice {
  kept?: string
  text: string
  detail: string
  point?: Point
  compound_id?: string
}

export const hasPlace = (place: PlaceChoice | undefined): boolean =>
  place !== undefined && (place.kept !== undefined || ((place.point !== undefined || place.compound_id !== undefined) && place.text.trim() !== ''))

/** Which half of a place is still missing: where it is, or what it is called. */
export function missingOf(place: PlaceChoice | undefined): 'all' | 'point' | 'name' | undefined {
  if (hasPlace(place)) return undefined
  const pointed = place?.point !== undefined || place?.compound_id !== undefined
  if (pointed) return 'name'
  return place?.text.trim() ? 'point' : 'all'
}

import type { Point, Words } from '@/api/types'
import type { Drawing } from '@/api/visits'

// The district's map as flat lines: metres east and south of a point in its middle.

/** Metres east (`x`) and south (`y`). */
export interface Flat {
  x: number
  y: number
}
/** What is seen: the middle, and how many metres across. */
export interface View extends Flat {
  across: number
}
/** Lines of one class as the path of a picture, and the names on them. */
export interface Layer {
  key: string
  path: string
}
export interface Named {
  key: string
  words: Words
  lines: Flat[][]
}

/** Metres in a degree northwards. */
const DEGREE = 111_320
/** Closest and farthest, in metres across. */
export const CLOSEST = 250
export const FARTHEST = 12_000
/** Names written at once. */
const NAMES = 7
/** Lines are drawn in this order, the narrow ones first. */
const ORDER = ['water', 'path', 'lane', 'street', 'main', 'rail'] as const
/** From so many metres across a class of lines no longer has names. */
const NAMED_UP_TO: Record<string, number> = { water: FARTHEST, rail: FARTHEST, main: 6_000, street: 1_600, lane: 500 }

/** How to lay the round earth flat around a point; good for a district. */
export function around(origin: Point) {
  const east = DEGREE * Math.cos((origin.lat * Math.PI) / 180)
  return {
    flat: ({ lat, lon }: Point): Flat => ({ x: (lon - origin.lon) * east, y: (origin.lat - lat) * DEGREE }),
    point: ({ x, y }: Flat): Point => ({ lat: origin.lat - y / DEGREE, lon: origin.lon + x / east }),
  }
}

/** The middle of what is drawn. */
export function middleOf(drawing: Drawing): Point | undefined {
  let [west, south, east, north] = [Infinity, Infinity, -Infinity, -Infinity]
  for (const { geometry } of drawing.features) {
    for (const line of geometry.coordinates) {
      for (const [lon, lat] of line) {
        ;[west, east] = [Math.min(west, lon), Math.max(east, lon)]
        ;[south, north] = [Math.min(south, lat), Math.max(north, lat)]
      }
    }
  }
  return west < east ? { lat: (south + north) / 2, lon: (west + east) / 2 } : undefined
}

/** The lines by class, to the metre, and what has a name. */
export function layersOf(drawing: Drawing, flat: (point: Point) => Flat): { layers: Layer[]; named: Named[] } {
  const paths = new Map<string, string[]>()
  const named: Named[] = []
  for (const { properties, geometry } of drawing.features) {
    const lines = geometry.coordinates.map((line) => line.map(([lon, lat]) => flat({ lat, lon })))
    const written = paths.get(properties.class) ?? []
    for (const line of lines) written.push(`M${line.map(({ x, y }) => `${Math.round(x)} ${Math.round(y)}`).join('L')}`)
    paths.set(properties.class, written)
    if (properties.name) named.push({ key: properties.class, words: properties.name, lines })
  }
  const layers = ORDER.filter((key) => paths.has(key)).map((key) => ({ key, path: (paths.get(key) ?? []).join('') }))
  return { layers, named }
}

/** Which names to write and where: of what is in sight, none upon another. `high`: the sight's height as a part of its width. */
export function namesIn(named: readonly Named[], view: View, high: number): { words: Words; at: Flat }[] {
  const half = { x: view.across * 0.4, y: view.across * high * 0.42 }
  const shown: { words: Words; at: Flat }[] = []
  for (const one of [...named].sort((a, b) => rank(a) - rank(b))) {
    if (view.across > (NAMED_UP_TO[one.key] ?? 0)) continue
    const free = (point: Flat) => shown.every(({ at }) => Math.abs(at.x - point.x) > view.across * 0.3 || Math.abs(at.y - point.y) > view.across * 0.09)
    let best: Flat | undefined
    for (const point of one.lines.flatMap((line) => inSight(line, view, half))) {
      if (free(point) && (!best || far(point, view) < far(best, view))) best = point
    }
    if (best) shown.push({ words: one.words, at: best })
    if (shown.length === NAMES) break
  }
  return shown
}
/** The middles and ends of the parts of a line that lie in sight: streets are long, and straight. */
function inSight(line: readonly Flat[], middle: Flat, half: Flat): Flat[] {
  return line.slice(1).flatMap((to, index) => {
    const from = line[index] ?? to
    let [begin, end] = [0, 1]
    for (const axis of ['x', 'y'] as const) {
      const way = to[axis] - from[axis]
      const [low, high] = [middle[axis] - half[axis] - from[axis], middle[axis] + half[axis] - from[axis]]
      if (way === 0) {
        if (low > 0 || high < 0) return []
      } else {
        begin = Math.max(begin, Math.min(low / way, high / way))
        end = Math.min(end, Math.max(low / way, high / way))
      }
    }
    if (begin > end) return []
    return [begin, (begin + end) / 2, end].map((part) => ({ x: from.x + (to.x - from.x) * part, y: from.y + (to.y - from.y) * part }))
  })
}
const rank = ({ key }: Named) => ['water', 'main', 'street', 'rail', 'lane'].indexOf(key)
const far = (a: Flat, b: Flat) => Math.hypot(a.x - b.x, a.y - b.y)

/** A view that shows all of these points with room around them. */
export function viewOf(points: readonly Flat[], high: number, least = 600): View | undefined {
  if (points.length === 0) return undefined
  const [xs, ys] = [points.map(({ x }) => x), points.map(({ y }) => y)]
  const [west, east, north, south] = [Math.min(...xs), Math.max(...xs), Math.min(...ys), Math.max(...ys)]
  const across = Math.max((east - west) * 1.35, ((south - north) / high) * 1.5, least)
  return { x: (west + east) / 2, y: (north + south) / 2, across: Math.min(across, FARTHEST) }
}

/** Nearer (`factor` < 1) or farther, within what makes sense. */
export const zoomed = (view: View, factor: number): View => ({ ...view, across: Math.min(FARTHEST, Math.max(CLOSEST, view.across * factor)) })

/** Metres between two points, by a straight line. */
export function metresBetween(a: Point, b: Point): number {
  const { flat } = around(a)
  const { x, y } = flat(b)
  return Math.hypot(x, y)
}

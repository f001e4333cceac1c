import type { Point, Service } from '@/api/types'
import { fromGcj02, toGcj02 } from '@/words/map'
import type { around, View } from './streets'

// Pictures of a map service under our marks: square tiles of the Web Mercator scheme, laid onto the flat district. Over so
// few kilometres the two differ by less than a line is wide.

export type Tiles = NonNullable<Service['tiles']>
/** A picture and where it lies, in metres east and south. */
export interface Tile {
  key: string
  href: string
  x: number
  y: number
  width: number
  height: number
}

/** Pixels along a tile's side. */
const SIDE = 256
/** Once around the equator, in metres. */
const EQUATOR = 40_075_017
/** Nearer than this few services have pictures. */
const NEAREST = 18

/** Which pictures cover a view. `high`: its height as a part of its width; `pixels`: its width on the screen. */
export function tilesIn(tiles: Tiles, plane: ReturnType<typeof around>, view: View, high: number, pixels: number): Tile[] {
  const shifted = tiles.datum === 'gcj02'
  const half = { x: view.across / 2, y: (view.across * high) / 2 }
  const { lat } = plane.point(view)
  const metres = (view.across / pixels) * SIDE
  // Rather too sharp than blurred.
  const zoom = Math.min(NEAREST, Math.ceil(Math.log2((EQUATOR * Math.cos(radians(lat))) / metres)))
  const count = 2 ** zoom

  /** Column and row of a point, with the part of the tile. */
  const tileAt = (point: Point) => {
    const there = shifted ? toGcj02(point.lat, point.lon) : { latitude: point.lat, longitude: point.lon }
    return {
      column: ((there.longitude + 180) / 360) * count,
      row: ((1 - Math.asinh(Math.tan(radians(there.latitude))) / Math.PI) / 2) * count,
    }
  }
  const cornerOf = (column: number, row: number) => {
    const latitude = (Math.atan(Math.sinh(Math.PI * (1 - (2 * row) / count))) * 180) / Math.PI
    const longitude = (column / count) * 360 - 180
    const there = shifted ? fromGcj02(latitude, longitude) : { latitude, longitude }
    return plane.flat({ lat: there.latitude, lon: there.longitude })
  }

  const from = tileAt(plane.point({ x: view.x - half.x, y: view.y - half.y }))
  const to = tileAt(plane.point({ x: view.x + half.x, y: view.y + half.y }))
  const covering: Tile[] = []
  for (let row = Math.floor(from.row); row <= Math.floor(to.row); row += 1) {
    for (let column = Math.floor(from.column); column <= Math.floor(to.column); column += 1) {
      const [corner, opposite] = [cornerOf(column, row), cornerOf(column + 1, row + 1)]
      covering.push({
        key: `${zoom}/${column}/${row}`,
        href: tiles.address.replace('{z}', String(zoom)).replace('{x}', String(column)).replace('{y}', String(row)),
        ...corner,
        width: opposite.x - corner.x,
        height: opposite.y - corner.y,
      })
    }
  }
  return covering
}

const radians = (degrees: number) => (degrees * Math.PI) / 180

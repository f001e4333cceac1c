import { describe, expect, it } from 'vitest'
import { around } from '@/components/streets'
import { tilesIn, type Tiles } from '@/components/tiles'

const tiles: Tiles = { address: 'https://tiles.example.com/{z}/{x}/{y}.png', attribution: '© Somebody', datum: 'wgs84' }
const plane = around({ lat: 38.3246, lon: 116.8479 })
const view = { x: 0, y: 0, across: 900 }

describe('tiles under a map', () => {
  it('cover all of the view, and no more than one beyond it', () => {
    const found = tilesIn(tiles, plane, view, 0.72, 358)
    expect(Math.min(...found.map(({ x }) => x))).toBeLessThanOrEqual(-450)
    expect(Math.max(...found.map(({ x, width }) => x + width))).toBeGreaterThanOrEqual(450)
    expect(Math.min(...found.map(({ y }) => y))).toBeLessThanOrEqual(-324)
    expect(Math.max(...found.map(({ y, height }) => y + height))).toBeGreaterThanOrEqual(324)
    expect(found.every(({ x, width }) => x < 450 && x + width > -450)).toBe(true)
  })
  it('are those of the scheme: known by column and row, and as wide as they are high', () => {
    const found = tilesIn(tiles, plane, view, 0.72, 358)
    // Column (116.8479 + 180) / 360 × 2^16 and the row of 38.3246° north.
    const middle = found.find(({ x, y, width, height }) => x <= 0 && 0 < x + width && y <= 0 && 0 < y + height)
    expect(middle?.href).toBe('https://tiles.example.com/16/54039/25203.png')
    for (const { width, height } of found) expect(Math.abs(width - height)).toBeLessThan(1)
  })
  it('lie some hundreds of metres elsewhere where they are drawn in the other coordinates', () => {
    const plain = tilesIn(tiles, plane, view, 0.72, 358)
    const shifted = tilesIn({ ...tiles, datum: 'gcj02' }, plane, view, 0.72, 358)
    const both = plain.flatMap((one) => shifted.filter(({ key }) => key === one.key).map((other) => Math.hypot(other.x - one.x, other.y - one.y)))
    expect(both.length).toBeGreaterThan(0)
    for (const away of both) expect(away).toBeGreaterThan(100)
  })
  it('stop at the nearest there are', () => {
    const found = tilesIn(tiles, plane, { ...view, across: 100 }, 0.72, 1_200)
    expect(found[0]?.key.startsWith('18/')).toBe(true)
  })
})

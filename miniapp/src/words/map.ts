import type { Place } from '@/api/types'
import { say } from '@/words/say'

const A = 6_378_245
const EE = 0.006_693_421_622_965_943

/**
 * WGS-84 as WeChat's map shows it: mainland maps use GCJ-02, a published offset of a few hundred metres.
 * Degrees in, degrees out.
 */
export function toGcj02(latitude: number, longitude: number): { latitude: number; longitude: number } {
  const [x, y] = [longitude - 105, latitude - 35]
  const wave = (value: number) => Math.sin(value * Math.PI)
  const common = ((20 * wave(6 * x) + 20 * wave(2 * x)) * 2) / 3
  const north =
    -100 + 2 * x + 3 * y + 0.2 * y * y + 0.1 * x * y + 0.2 * Math.sqrt(Math.abs(x)) + common +
    ((20 * wave(y) + 40 * wave(y / 3)) * 2) / 3 + ((160 * wave(y / 12) + 320 * wave(y / 30)) * 2) / 3
  const east =
    300 + x + 2 * y + 0.1 * x * x + 0.1 * x * y + 0.1 * Math.sqrt(Math.abs(x)) + common +
    ((20 * wave(x) + 40 * wave(x / 3)) * 2) / 3 + ((150 * wave(x / 12) + 300 * wave(x / 30)) * 2) / 3
  const radians = (latitude * Math.PI) / 180
  const magic = 1 - EE * Math.sin(radians) ** 2
  const metre = 180 / Math.PI
  return {
    latitude: latitude + (north * metre) / ((A * (1 - EE)) / (magic * Math.sqrt(magic))),
    longitude: longitude + (east * metre) / ((A / Math.sqrt(magic)) * Math.cos(radians)),
  }
}

/** A point of a mainland map as WGS-84: the offset undone by trying, to a centimetre. Degrees in, degrees out. */
export function fromGcj02(latitude: number, longitude: number): { latitude: number; longitude: number } {
  let guess = { latitude, longitude }
  for (let turn = 0; turn < 6; turn += 1) {
    const there = toGcj02(guess.latitude, guess.longitude)
    guess = { latitude: guess.latitude + latitude - there.latitude, longitude: guess.longitude + longitude - there.longitude }
  }
  return guess
}

/** Shows a place on WeChat's map. */
export function openMap(place: Place): void {
  uni.openLocation({ ...toGcj02(place.latitude, place.longitude), name: say(place.name), address: say(place.address), fail: () => {} })
}

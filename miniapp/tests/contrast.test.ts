import { readFileSync } from 'node:fs'
import { describe, expect, it } from 'vitest'

const source = readFileSync('src/styles/tokens.scss', 'utf8')

function mixin(name: string): Record<string, string> {
  const body = new RegExp(`@mixin ${name} \\{([^}]*)\\}`).exec(source)?.[1]
  if (!body) throw new Error(`no mixin ${name}`)
  return Object.fromEntries([...body.matchAll(/--([a-z-]+):\s*(#[0-9a-f]{6})/g)].map((m) => [m[1], m[2]]))
}

function luminance(hex: string): number {
  const [r, g, b] = [1, 3, 5].map((at) => {
    const c = parseInt(hex.slice(at, at + 2), 16) / 255
    return c <= 0.04045 ? c / 12.92 : ((c + 0.055) / 1.055) ** 2.4
  }) as [number, number, number]
  return 0.2126 * r + 0.7152 * g + 0.0722 * b
}

function contrast(a: string, b: string): number {
  const [high, low] = [luminance(a), luminance(b)].sort((x, y) => y - x) as [number, number]
  return (high + 0.05) / (low + 0.05)
}

const pairs: [string, string][] = [
  ...['ink', 'quiet', 'accent', 'soon', 'stop', 'done'].flatMap((text): [string, string][] => [[text, 'page'], [text, 'card']]),
  ['ink', 'accent-soft'], ['quiet', 'accent-soft'], ['accent', 'accent-soft'], ['soon', 'accent-soft'], ['done', 'accent-soft'],
  ['ink', 'soon-soft'], ['soon', 'soon-soft'],
  ['ink', 'stop-soft'], ['stop', 'stop-soft'],
  ['ink', 'done-soft'], ['done', 'done-soft'],
  ['on-accent', 'accent'], ['on-accent', 'accent-pressed'],
  // Small words on tinted ground, what is said in passing, the count of messages, names on the map.
  ['quiet', 'soon-soft'], ['quiet', 'stop-soft'], ['quiet', 'done-soft'], ['page', 'ink'], ['card', 'stop'], ['quiet', 'map-ground'],
]

const themes = {
  light: { tokens: mixin('light'), least: 4.5 },
  dark: { tokens: mixin('dark'), least: 4.5 },
  'light, large type': { tokens: { ...mixin('light'), ...mixin('light-strong') }, least: 7 },
  'dark, large type': { tokens: { ...mixin('dark'), ...mixin('dark-strong') }, least: 7 },
}

describe.each(Object.entries(themes))('%s', (_name, { tokens, least }) => {
  it.each(pairs)('%s on %s can be read', (text, ground) => {
    expect(contrast(tokens[text]!, tokens[ground]!)).toBeGreaterThanOrEqual(least)
  })
  it('edges of fields can be seen', () => {
    expect(contrast(tokens.edge!, tokens.card!)).toBeGreaterThanOrEqual(3)
  })
})

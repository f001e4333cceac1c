// What every page owes to people: each list its states, each date and sum said by the words' own files.
import { readFileSync, readdirSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it } from 'vitest'
import { reactive } from 'vue'
import { useDraft } from '@/composables/draft'
import { useDrafts } from '@/stores/drafts'
import { useWishes } from '@/stores/wishes'
import { groupOf, grouped, whenOf } from '@/words/order'
import { firstOf, soonestOf } from '@/booking/times'
import type { Offering, Order, Slot } from '@/api/types'

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    return statSync(path).isDirectory() ? sources(path) : /\.(vue|ts)$/.test(name) ? [path] : []
  })
}
const files = sources('src').map((path) => ({ path, text: readFileSync(path, 'utf8') }))

describe('every page', () => {
  const registered = [...readFileSync('src/pages.json', 'utf8').matchAll(/"(?:root|path)": "([^"]+)"/g)].map((match) => match[1]!)
  const pages = files.filter(({ path, text }) => path.endsWith('.vue') && /<(AppPage|StaffPage)\b/.test(text) && registered.some((name) => path.includes(name)))

  it('is found', () => {
    expect(pages.length).toBeGreaterThan(60)
  })
  it('that fetches something has a place for loading, failed and empty', () => {
    const bare = pages.filter(({ text }) => /\buse(Load|Pages)\b\(|\busePages</.test(text) && !/<StateBlock\b/.test(text))
    expect(bare.map(({ path }) => path)).toEqual([])
  })
  it('that lists in pages has the one end of a list', () => {
    const endless = files.filter(({ path, text }) => path.endsWith('.vue') && /\busePages\b[<(]/.test(text) && !/<MoreBlock\b/.test(text))
    expect(endless.map(({ path }) => path)).toEqual([])
  })
  it('leaves dates and sums to the words', () => {
    // Positions and pixels are no words.
    const drawn = /style|`left:|lat\.|lon\.|--part/
    const own = files
      .filter(({ path }) => !/src\/(words|i18n)\/|schema\.ts$/.test(path))
      .flatMap(({ path, text }) => text.split('\n').map((line) => ({ path, line })))
      .filter(({ line }) => /\.toFixed\(|\.toLocale\w*\(|\bIntl\.|\.get(Hours|Minutes|Date|Month|FullYear)\(/.test(line) && !drawn.test(line))
    expect(own.map(({ path, line }) => `${path}: ${line.trim()}`)).toEqual([])
  })
})

describe('a draft of a form', () => {
  beforeEach(() => setActivePinia(createPinia()))
  const form = () => reactive({ words: '', pictures: [] as string[] })

  it('is there when the form is opened again, and over what is known already', () => {
    const first = form()
    const kept = useDraft(first)
    expect(kept.begin('rate.1')).toBe(false)
    first.words = '很好'
    first.pictures.push('p1')
    const second = Object.assign(form(), { words: 'before' })
    expect(useDraft(second).begin('rate.1')).toBe(true)
    expect(second).toEqual({ words: '很好', pictures: ['p1'] })
  })
  it('is gone once it is sent, whatever the form shows afterwards', () => {
    const first = form()
    const kept = useDraft(first)
    kept.begin('rate.2')
    first.words = '很好'
    kept.done()
    first.words = ''
    expect(useDrafts().of('rate.2')).toEqual({})
  })
  it('belongs to its own form', () => {
    const first = form()
    useDraft(first).begin('rate.3')
    first.words = '很好'
    expect(useDraft(form()).begin('rate.4')).toBe(false)
  })
})

describe('usual wishes', () => {
  it('are kept on the device until somebody else uses it', () => {
    setActivePinia(createPinia())
    useWishes().set({ gender: 'female', wider: true })
    setActivePinia(createPinia())
    expect(useWishes().wishes).toEqual({ gender: 'female', language: '', wider: true })
    useWishes().forget()
    setActivePinia(createPinia())
    expect(useWishes().wishes).toEqual({ gender: '', language: '', wider: false })
  })
})

describe('bookings in a list', () => {
  const order = (state: string, actions: string[] = []) => ({ state, actions }) as unknown as Order
  it('stand by what they wait for', () => {
    expect(groupOf(order('held', ['accept', 'decline']))).toBe('yours')
    expect(groupOf(order('fulfilled', ['agree']))).toBe('yours')
    expect(groupOf(order('waiting'))).toBe('waiting')
    expect(groupOf(order('confirmed', ['cancel']))).toBe('coming')
    expect(grouped([order('waiting'), order('confirmed'), order('waiting')]).map(({ group, orders }) => [group, orders.length])).toEqual([['coming', 1], ['waiting', 2]])
  })
  it('say of somebody asked for at once that they come as soon as possible, until they have been', () => {
    const now = Date.parse('2026-11-23T09:00:00+08:00')
    const visit = { start: '2026-11-23T09:00:00+08:00', end: '2026-11-23T13:10:00+08:00', visit: { is_now: true } }
    expect(whenOf({ ...visit, state: 'requested' } as unknown as Order, now)).toBe('尽快')
    expect(whenOf({ ...visit, state: 'closed' } as unknown as Order, now)).toBe('今天 周一 上午9:00–下午1:10')
  })
})

describe('the soonest time', () => {
  const offering = (id: string, day?: string) => ({ id, ...(day && { next: { day, left: 'many' } }) }) as unknown as Offering
  const slot = (start: string, bookable = true) => ({ start, bookable }) as unknown as Slot
  it('is looked for among those with the first free day, the nearer first', () => {
    const all = [offering('a', '2026-11-25'), offering('b', '2026-11-24'), offering('c'), offering('d', '2026-11-24')]
    expect(soonestOf(all).map(({ id }) => id)).toEqual(['b', 'd'])
    expect(soonestOf([offering('c')])).toEqual([])
  })
  it('is the first with a place', () => {
    const days = [
      { offering: offering('b'), slots: [slot('2026-11-24T08:00:00+08:00', false), slot('2026-11-24T10:00:00+08:00')] },
      { offering: offering('d'), slots: [slot('2026-11-24T09:00:00+08:00'), slot('2026-11-24T10:00:00+08:00')] },
    ]
    expect(firstOf(days)?.offering.id).toBe('d')
    expect(firstOf([{ offering: offering('b'), slots: [] }])).toBeUndefined()
  })
})

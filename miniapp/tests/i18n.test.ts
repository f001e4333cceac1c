import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from 'vitest'
import { language, t } from '@/i18n'
import { en as mainEn } from '@/i18n/en'
import { apply as applyEn } from '@/i18n/en/apply'
import { workday as workdayEn } from '@/i18n/en/workday'
import { watchEn } from '@/i18n/en/watch'
import { frameEn } from '@/i18n/en/frame'
import { homecareEn } from '@/i18n/en/homecare'
import { zh as mainZh } from '@/i18n/zh'
import { apply as applyZh } from '@/i18n/zh/apply'
import { workday as workdayZh } from '@/i18n/zh/workday'
import { watchZh } from '@/i18n/zh/watch'
import { frameZh } from '@/i18n/zh/frame'
import { homecareZh } from '@/i18n/zh/homecare'

// With the parts that are learned with their pages.
const zh = { ...mainZh, ...applyZh, ...workdayZh, ...watchZh, ...frameZh, ...homecareZh }
const en = { ...mainEn, ...applyEn, ...workdayEn, ...watchEn, ...frameEn, ...homecareEn }

/** The places to be filled; a choice between two words is part of one language only. */
const holes = (text: string) => [...text.matchAll(/\{(\w+)\}/g)].map((match) => match[1]).sort()

function sources(folder: string): string[] {
  return readdirSync(folder).flatMap((name) => {
    const path = join(folder, name)
    if (statSync(path).isDirectory()) return name === 'i18n' || name === 'custom-tab-bar' ? [] : sources(path)
    return /\.(vue|ts)$/.test(name) ? [path] : []
  })
}
const files = sources('src').filter((path) => !path.endsWith('schema.ts'))
const code = files.map((path) => readFileSync(path, 'utf8')).join('\n')

afterEach(() => {
  language.value = 'zh'
})

describe('the two languages', () => {
  it('have the same texts', () => {
    expect(Object.keys(en).sort()).toEqual(Object.keys(zh).sort())
  })
  it.each(Object.keys(zh) as (keyof typeof zh)[])('%s says the same with the same holes', (key) => {
    expect(zh[key].trim()).not.toBe('')
    expect(en[key].trim()).not.toBe('')
    expect(holes(en[key])).toEqual(holes(zh[key]))
  })
  it('fill in what they are given and leave what they are not', () => {
    expect(t('order.line.position', { position: 3 })).toBe('第 3 位')
    language.value = 'en'
    expect(t('order.line.position', { position: 3 })).toBe('No. 3')
    expect(t('order.line.position')).toBe('No. {position}')
  })
  it('choose the word that goes with the number', () => {
    language.value = 'en'
    expect(t('courses.visits', { count: 1 })).toBe('1 visit')
    expect(t('courses.visits', { count: 10 })).toBe('10 visits')
    expect(t('courses.visits', { count: '5+' })).toBe('5+ visits')
  })
})

describe('the parts of a dictionary', () => {
  it('says each text once: a part would silently cover another', () => {
    const source = ['src/i18n/zh.ts', ...readdirSync('src/i18n/zh').map((name) => join('src/i18n/zh', name))].map((path) => readFileSync(path, 'utf8')).join('\n')
    const written = [...source.matchAll(/^\s*'([a-z]+(?:\.[a-z0-9_]+)+)':/gm)].map((match) => match[1]!)
    expect(written.filter((key, index) => written.indexOf(key) !== index)).toEqual([])
    expect(written.length).toBe(Object.keys(zh).length)
  })
})

describe('the code', () => {
  it('asks only for texts that exist', () => {
    const asked = [...code.matchAll(/\bt\(\s*'([a-z0-9_.]+)'/g)].map((match) => match[1]!)
    expect(asked.length).toBeGreaterThan(200)
    expect(asked.filter((key) => !(key in zh))).toEqual([])
  })
  it('leaves no text unused', () => {
    const named = new Set([...code.matchAll(/'([a-z]+(?:\.[a-z0-9_]+)+)'/g)].map((match) => match[1]!))
    // Names made at run time: `order.queue.${state}`.
    const made = [...code.matchAll(/`([a-z.]*)\$\{[^}]*\}([a-z.]*)`/g)].map(([, head, tail]) => [head!, tail!] as const)
    const parts = new Set(['what', 'why', 'who', 'long', 'rights'].flatMap((part) => [`privacy.${part}`, `privacy.${part}.title`]))
    const unused = Object.keys(zh).filter(
      (key) => !named.has(key) && !parts.has(key) && !made.some(([head, tail]) => head !== '' && key.startsWith(head) && key.endsWith(tail)),
    )
    expect(unused).toEqual([])
  })
  it('has no words for people outside the dictionaries', () => {
    const spoken = files
      .filter((path) => !/words\/(date|money|plan)\.ts$/.test(path))
      .filter((path) => /[\u4e00-\u9fff]/.test(readFileSync(path, 'utf8').replace(/\/\/.*$|\/\*[\s\S]*?\*\/|<!--[\s\S]*?-->/gm, '')))
    expect(spoken).toEqual([])
  })
})

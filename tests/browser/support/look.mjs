// What is looked for on every page: sideways scrolling, words of the other language, barriers.
import assert from 'node:assert/strict'
import { readFile } from 'node:fs/promises'
import axe from 'axe-core'
import { DESK, NARROW, PHONE, settled } from './browser.mjs'
import { MODES, visit, wish } from './modes.mjs'

/** Names of the demo's people are names in every language, initials too, as is the language's own; what staff wrote down stays as it is. */
const NAMES = /演示(?:居民|老人|儿童|新居民|工作人员|师傅|护士|志愿者|巡防员|小区)·\p{Script=Han}+|(?<!\p{Script=Han})演(?!\p{Script=Han})|中文|Document: [^·\n]+/gu
/** So does what those who come say of themselves. */
const demo = await readFile(new URL('../../../server/data/demo.toml', import.meta.url), 'utf8')
const WRITTEN = [...demo.matchAll(/^(?:about|home) = "([^"]+)"$/gm)].map(([, words]) => words)
const CHINESE = /[\p{Script=Han}，。：；！？（）、《》“”]+/gu

/** Chinese words on an English page, in what is read and in what is read aloud. */
export async function chineseWords(page) {
  const said = await page.evaluate(() =>
    [
      document.title,
      document.body.innerText,
      ...[...document.querySelectorAll('[aria-label], [aria-description], [placeholder]')].flatMap((element) =>
        ['aria-label', 'aria-description', 'placeholder'].map((name) => element.getAttribute(name) ?? ''),
      ),
    ].join('\n'),
  )
  const others = WRITTEN.reduce((words, one) => words.replaceAll(one, ''), said)
  return [...new Set(others.replace(NAMES, '').match(CHINESE) ?? [])]
}

/** What reaches beyond the screen's edge, outside of what is meant to be scrolled. */
export function overflow(page) {
  return page.evaluate(() => {
    const width = document.documentElement.clientWidth
    const inside = (element) => {
      for (let around = element.parentElement; around; around = around.parentElement) {
        const root = around === document.body || around === document.documentElement
        if (!root && /auto|scroll|hidden/.test(getComputedStyle(around).overflowX)) return true
      }
      return false
    }
    const beyond = [...document.body.querySelectorAll('*')].filter((element) => {
      const { left, right, width: wide, height } = element.getBoundingClientRect()
      return wide > 1 && height > 1 && (right > width + 1 || left < -1) && !inside(element)
    })
    const found = beyond.slice(0, 3).map((element) => `${element.className || element.tagName}: ${element.textContent.trim().slice(0, 40)}`)
    const scroll = document.documentElement.scrollWidth
    return scroll > width ? [`scrolls sideways by ${scroll - width}`, ...found] : found
  })
}

/** Serious and critical barriers, as axe-core sees them; of everything, or of one rule alone. */
export async function barriers(page, rule) {
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source)
  const { violations } = await page.evaluate(
    (only) => window.axe.run(document, { resultTypes: ['violations'], ...(only && { runOnly: { type: 'rule', values: [only] } }) }),
    rule,
  )
  return violations
    .filter(({ impact }) => impact === 'serious' || impact === 'critical')
    .flatMap(({ id, help, nodes }) => nodes.slice(0, 3).map((node) => `${id} (${help}): ${node.html.slice(0, 160)} ${node.any[0]?.message ?? ''}`))
}

/** Nothing reaches beyond the edge, on a usual and on a narrow phone. */
export async function fits(page) {
  const usual = await overflow(page)
  await page.setViewportSize(NARROW)
  const narrow = await overflow(page)
  await page.setViewportSize(PHONE)
  return [...usual, ...narrow.map((words) => `narrow: ${words}`)]
}

/** Nothing reaches beyond the edge of a large screen either. */
export async function fitsDesk(page) {
  await page.setViewportSize(DESK)
  await settled(page)
  const wide = await overflow(page)
  await page.setViewportSize(PHONE)
  return wide.map((words) => `wide: ${words}`)
}

const open = (page) => barriers(page)
const contrast = (page) => barriers(page, 'color-contrast')

/** What is looked for on every page, in which of its ways. */
const QUICK = { usual: [fits, open], large: [fits], dark: [contrast], english: [chineseWords, fits] }
/** Everything in every way, and in two ways at once. */
const WHOLE = {
  usual: [fits, open],
  large: [fits, open],
  dark: [fits, open],
  english: [chineseWords, fits, open],
  'large english': [chineseWords, fits, open],
  'large dark': [open],
}
const LOOKS = process.env.LINLI_LONG ? WHOLE : QUICK
const way = (name) => Object.assign({}, ...name.split(' ').map((one) => MODES[one]))

/** Looks at every page in every way, `more` at some of them too, and tells everything that is wrong at once. */
export async function inspect(page, pages, more = {}) {
  const wrong = []
  for (const { name, path, act, ready, spoken } of pages) {
    await ready?.()
    await visit(page, path)
    if (act) await act(page).then(() => settled(page))
    for (const [mode, looks] of Object.entries(LOOKS)) {
      await wish(page, way(mode))
      if (spoken) await visit(page, path)
      for (const look of [...looks, ...(more[mode] ?? [])]) {
        for (const words of await look(page)) wrong.push(`${name} (${mode}): ${words}`)
      }
    }
    await wish(page)
  }
  assert.deepEqual(wrong, [])
}

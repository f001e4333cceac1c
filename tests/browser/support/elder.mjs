// Large type in numbers: what somebody with weak eyes and an unsteady hand must find on every page.
import { overflow, barriers } from './look.mjs'
import { NARROW, PHONE } from './browser.mjs'

/** The smallest letters, the least leading, the smallest thing to tap and the smallest main one. CSS pixels. */
const LEAST = { text: 18, leading: 1.3, target: 44, main: 60 }
/** What a page is there for: its large buttons, its tiles, the bar at the thumb. */
const MAIN = '.button:not(.button--quiet):not(.button--fit), .tile, .bar .button'
/** Rounding of a browser's own measures. */
const SLACK = 0.5

/** Whether the page is in large type at all, that what follows is not measured on another one. */
export async function grown(page) {
  return (await page.locator('.app--large').count()) > 0 ? [] : ['is not in large type']
}

/** Letters too small or too tight, things too small to hit, and what covers a part of the screen only. */
export function measures(page) {
  return page.evaluate(
    ([least, main, slack]) => {
      const wrong = []
      const words = (element) => `${element.className || element.tagName} “${element.innerText?.trim().slice(0, 24) ?? ''}”`
      const seen = (element) => element.checkVisibility({ checkOpacity: true, checkVisibilityCSS: true }) && element.getBoundingClientRect().width > 1
      const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
      const texts = new Set()
      while (walker.nextNode()) {
        const around = walker.currentNode.parentElement
        if (walker.currentNode.data.trim() !== '' && !/^(SCRIPT|STYLE)$/.test(around.tagName) && !around.closest('.only-read') && seen(around)) texts.add(around)
      }
      for (const element of [...texts, ...document.querySelectorAll('input, textarea')].filter(seen)) {
        const { fontSize, lineHeight } = getComputedStyle(element)
        const size = parseFloat(fontSize)
        if (size < least.text - 0.01) wrong.push(`${size} px: ${words(element)}`)
        // A field of one line has none to keep apart.
        if (element.tagName !== 'INPUT' && lineHeight !== 'normal' && parseFloat(lineHeight) / size < least.leading - 0.01) wrong.push(`leading ${parseFloat(lineHeight) / size}: ${words(element)}`)
      }
      for (const element of [...document.querySelectorAll('[role=button], [role=link], [role=radio], [role=checkbox], [role=tab], [role=switch], input, textarea')].filter(seen)) {
        // A field is tapped on its box.
        const { width, height } = (element.closest('.field__box') && /INPUT|TEXTAREA/.test(element.tagName) ? element.closest('.field__box') : element).getBoundingClientRect()
        const need = element.matches(main) ? least.main : least.target
        if (width < need - slack || height < need - slack) wrong.push(`${Math.round(width)}×${Math.round(height)}, ${need} needed: ${words(element)}`)
      }
      for (const dialog of [...document.querySelectorAll('[role=dialog]')].filter(seen)) {
        const { width, height } = dialog.getBoundingClientRect()
        if (width < innerWidth - slack || height < innerHeight - slack) wrong.push(`pops up: ${words(dialog)}`)
      }
      return [...new Set(wrong)]
    },
    [LEAST, MAIN, SLACK],
  )
}

/** Letters that stand out too little, by day and by night. */
export async function strong(page) {
  const light = await barriers(page, 'color-contrast-enhanced')
  await page.emulateMedia({ colorScheme: 'dark' })
  const dark = await barriers(page, 'color-contrast-enhanced')
  await page.emulateMedia({ colorScheme: 'light' })
  return [...light, ...dark.map((words) => `dark: ${words}`)]
}

/** Makes the letters of the open page as large as they go, as the person's own setting does, and looks what is cut. */
export async function largest(page) {
  const size = (pixels) => page.evaluate((next) => document.querySelectorAll('.app').forEach((app) => app.style.setProperty('--body', next)), pixels)
  const before = await page.evaluate(() => document.querySelector('.app').style.getPropertyValue('--body'))
  await size('30px')
  const usual = await overflow(page)
  await page.setViewportSize(NARROW)
  const narrow = [...(await overflow(page)), ...(await cut(page))]
  await page.setViewportSize(PHONE)
  await size(before)
  return [...usual.map((words) => `30 px: ${words}`), ...narrow.map((words) => `30 px, narrow: ${words}`)]
}

/** Words that are longer than the thing to tap they stand on. */
function cut(page) {
  return page.evaluate(() =>
    [...document.querySelectorAll('[role=button], [role=link], [role=radio], [role=tab]')]
      .filter((element) => element.checkVisibility() && !element.matches('.icon') && (element.scrollWidth > element.clientWidth + 2 || element.scrollHeight > element.clientHeight + 2))
      .map((element) => `cut: ${element.className} “${element.innerText?.trim().slice(0, 24)}”`),
  )
}

/** Keeps what the page says aloud instead of saying it. To be put in place before the page opens. */
export async function listen(context) {
  await context.addInitScript(() => {
    window.heard = []
    Object.defineProperty(window, 'speechSynthesis', {
      value: { speak: (voice) => window.heard.push({ words: voice.text, language: voice.lang, rate: voice.rate }), cancel: () => window.heard.push({ stopped: true }) },
    })
    window.SpeechSynthesisUtterance = class {
      constructor(text) {
        this.text = text
      }
    }
  })
}

/** What has been said since it was last asked. */
export const heard = (page) => page.evaluate(() => window.heard.splice(0))

// Debian's Chromium, asking nobody but our server.
import { chromium } from 'playwright-core'

const executablePath = process.env.LINLI_CHROMIUM ?? '/usr/bin/chromium'

export const PHONE = { width: 390, height: 844 }
export const NARROW = { width: 320, height: 700 }
export const DESK = { width: 1280, height: 800 }

/** Long enough for two busy cores; everything is waited for, so a quick machine never waits as long. Milliseconds. */
const PATIENCE = 15_000

export function launch() {
  return chromium.launch({
    executablePath,
    args: [
      '--headless', '--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run',
      '--disable-background-networking', '--disable-component-update', '--disable-sync',
    ],
  })
}

const busy = new WeakMap()

/** Until nothing is under way any more and the bones have become words. */
export async function settled(page) {
  // An answer may bring the next question: it must be quiet twice in a row.
  for (let quiet = 0; quiet < 2; ) {
    await page.waitForFunction(() => document.querySelector('[role=heading]') && !document.querySelector('[aria-busy=true], .pressed'))
    await page.evaluate(() => new Promise((resolve) => requestAnimationFrame(() => setTimeout(resolve))))
    quiet = busy.get(page.context())() ? 0 : quiet + 1
  }
}

/**
 * A browser of one person: a phone in Cangzhou unless told otherwise. What must never happen on any page is written down in
 * `faults`: an error on the console, an exception, a request to anybody but the server. `forgive` names errors a story is about.
 */
export async function openContext(browser, address, { viewport = PHONE, dark = false, token, forgive } = {}) {
  const context = await browser.newContext({
    baseURL: address,
    viewport,
    locale: 'zh-CN',
    timezoneId: 'Asia/Shanghai',
    colorScheme: dark ? 'dark' : 'light',
    reducedMotion: 'reduce',
    // Logged in before the page opens; how one logs in by hand is a story of its own.
    ...(token && { storageState: { cookies: [], origins: [{ origin: address, localStorage: [{ name: 'linli.token', value: token }] }] } }),
  })
  context.setDefaultTimeout(PATIENCE)
  const faults = []
  // What is under way, so that a page can be waited for.
  const underWay = new Set()
  context.on('requestfinished', (request) => underWay.delete(request))
  context.on('requestfailed', (request) => underWay.delete(request))
  const note = (words) => {
    if (!forgive?.test(words)) faults.push(words)
  }
  context.on('request', (request) => {
    const url = request.url()
    underWay.add(request)
    if (!url.startsWith(`${address}/`) && !/^(data|blob|about):/.test(url)) note(`asks a stranger: ${url}`)
  })
  context.on('console', (message) => {
    if (message.type() === 'error') note(`console: ${message.text()} ${message.location().url}`)
  })
  context.on('weberror', (error) => note(`exception: ${error.error()?.stack}`))
  busy.set(context, () => underWay.size > 0)
  return { context, faults }
}

// A phone to open pages on: WeChat's own template engine and component system in a made-up browser, the platform's interfaces
// as stubs that succeed, and a server that answers from its document.
import { createRequire } from 'node:module'
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { JSDOM } from 'jsdom'
import { answerTo, operationOf } from './answers.mjs'

const require = createRequire(import.meta.url)
export const built = fileURLToPath(new URL('../../dist/build/mp-weixin', import.meta.url))
if (!existsSync(join(built, 'app.js'))) throw new Error('there is no mini-program yet: npm run build:mp')

// The build is CommonJS inside a package that is not.
const Module = require('node:module')
const asBefore = Module._extensions['.js']
Module._extensions['.js'] = (module, file) => (file.startsWith(built) ? module._compile(readFileSync(file, 'utf8'), file) : asBefore(module, file))

// The engine looks for a browser when it is loaded: these come first.
const { window } = new JSDOM('<!doctype html><body></body>', { url: 'http://localhost/', pretendToBeVisual: true })
globalThis.window = window
for (const name of ['document', 'Element', 'HTMLElement', 'HTMLUnknownElement', 'Node', 'NodeList', 'Text', 'Comment', 'DocumentFragment', 'Event', 'CustomEvent', 'TouchEvent', 'MutationObserver', 'getComputedStyle']) {
  globalThis[name] = window[name]
}
// Pauses before another try are cut short; what waits longer never comes within a test.
const realTimeout = globalThis.setTimeout
globalThis.setTimeout = (act, milliseconds = 0, ...more) => {
  const timer = realTimeout(act, milliseconds > 2_000 ? milliseconds : milliseconds / 200, ...more)
  if (milliseconds > 2_000) timer.unref()
  return timer
}
const realInterval = globalThis.setInterval
globalThis.setInterval = (...asked) => {
  const timer = realInterval(...asked)
  timer.unref()
  return timer
}

const simulate = require('miniprogram-simulate')
// Looks are Tencent's compiler's business, which is asked by itself; here they would only take time.
require('miniprogram-simulate/src/wxss').getContent = () => ''
const exparser = require('miniprogram-exparser')

/** What the pages did, newest last. */
export const seen = { requests: [], moves: [], calls: [], faults: [] }
const state = { online: true, overrides: {}, kept: new Map(), stack: [], open: [] }

globalThis.Page = (options) => Component(options)
globalThis.App = (options) => void (globalThis.theApp = options)
globalThis.getApp = () => globalThis.theApp
globalThis.getCurrentPages = () => state.stack

const wx = globalThis.wx
const later = (act) => realTimeout(act, 0)
function request({ url, method = 'GET', header = {}, data, success, fail }) {
  const verb = header['X-HTTP-Method-Override'] ?? method
  const path = url.replace(/^.*?\/api\//, '/')
  seen.requests.push({ line: `${verb} ${path}`, verb, path, body: typeof data === 'string' ? JSON.parse(data) : data })
  later(() => {
    if (!state.online) return fail({ errMsg: 'request:fail' })
    const operation = operationOf(verb, path)
    if (!operation) {
      seen.faults.push(`the document knows no ${verb} ${path}`)
      return fail({ errMsg: 'request:fail' })
    }
    const { status, body } = answerTo(operation, state.overrides)
    success({ statusCode: status, header: { 'Content-Type': 'application/json' }, data: body })
  })
  return { abort() {} }
}
const move = (name) => ({ url = '', success, complete } = {}) => {
  seen.moves.push(`${name} ${url}`)
  later(() => (success?.({}), complete?.({})))
}
const socket = { onOpen() {}, onError() {}, onClose() {}, onMessage() {}, send() {}, close() {} }
const answers = {
  getLocation: { latitude: 38.31, longitude: 116.88, accuracy: 20 },
  login: { code: 'code' },
  getPrivacySetting: { needAuthorization: false, privacyContractName: '《邻里隐私保护指引》' },
  requestSubscribeMessage: {},
  chooseMedia: { tempFiles: [] },
  chooseImage: { tempFiles: [], tempFilePaths: [] },
  getSetting: { authSetting: {} },
}
/** What the platform would tell by itself. */
export const platform = { needPrivacy: undefined, updateReady: undefined, applied: 0 }
Object.assign(wx, {
  request,
  onNeedPrivacyAuthorization: (listener) => void (platform.needPrivacy = listener),
  getUpdateManager: () => ({
    onUpdateReady: (listener) => void (platform.updateReady = listener),
    onCheckForUpdate() {},
    onUpdateFailed() {},
    applyUpdate: () => void (platform.applied += 1),
  }),
  connectSocket: () => socket,
  navigateTo: move('navigateTo'),
  redirectTo: move('redirectTo'),
  switchTab: move('switchTab'),
  reLaunch: move('reLaunch'),
  navigateBack: move('navigateBack'),
  getStorageSync: (key) => state.kept.get(key) ?? '',
  setStorageSync: (key, value) => void state.kept.set(key, value),
  removeStorageSync: (key) => void state.kept.delete(key),
  getMenuButtonBoundingClientRect: () => ({ left: 281, right: 368, top: 48, bottom: 80, width: 87, height: 32 }),
  onNetworkStatusChange() {},
  offNetworkStatusChange() {},
})
for (const name of ['getLocation', 'login', 'getPrivacySetting', 'requestSubscribeMessage', 'chooseMedia', 'chooseImage', 'getSetting', 'setNavigationBarTitle', 'makePhoneCall', 'openLocation', 'setClipboardData', 'vibrateShort', 'pageScrollTo', 'shareFileMessage', 'addPhoneCalendar', 'hideShareMenu', 'showShareMenu', 'startLocationUpdate', 'startLocationUpdateBackground', 'stopLocationUpdate', 'openPrivacyContract', 'previewImage', 'openSetting']) {
  wx[name] = (options = {}) => {
    seen.calls.push(name)
    later(() => (options.success?.(answers[name] ?? {}), options.complete?.({})))
  }
}

for (const name of ['error', 'warn']) {
  console[name] = (...said) => seen.faults.push(said.map((one) => one?.stack ?? String(one)).join(' '))
}
process.on('unhandledRejection', (reason) => seen.faults.push(`unhandled: ${reason?.stack ?? reason}`))
process.on('uncaughtException', (reason) => seen.faults.push(`uncaught: ${reason?.stack ?? reason}`))

// The engine says "ready" only to what is there when a page is attached; on a phone whatever comes later is told too.
const told = new WeakSet()
function walk(node, visit) {
  if (node.shadowRoot) walk(node.shadowRoot, visit)
  for (const child of node.childNodes ?? []) if (child instanceof exparser.Element) walk(child, visit)
  if (node instanceof exparser.Component) visit(node)
}
function tellReady() {
  for (const { component } of state.open) {
    walk(component._exparserNode, (node) => {
      if (told.has(node)) return
      told.add(node)
      node.triggerLifeTime('ready')
    })
  }
}

/** Waits until nothing happens any more. */
export async function quiet() {
  for (let still = 0, before = -1; still < 6; ) {
    await new Promise((resolve) => realTimeout(resolve, 4))
    tellReady()
    const now = seen.requests.length + seen.moves.length + seen.calls.length + document.body.textContent.length
    still = now === before ? still + 1 : 0
    before = now
  }
}

let started = false
function start() {
  if (started) return
  started = true
  state.kept.set('linli.token', 'token')
  require(join(built, 'app.js'))
  globalThis.theApp.onLaunch({ path: 'pages/home/index', query: {}, scene: 1001 })
  globalThis.theApp.onShow?.({})
}

const elements = (node, found = []) => {
  for (const child of node.children) {
    found.push(child)
    elements(child, found)
  }
  return found
}
const attribute = (element, name) => element.__wxElement?._vt?.attrs?.find((one) => one.name === name)?.value
const listens = (element, event) => element.__wxElement?._vt?.event?.[event] !== undefined

/** A page that is open. */
class Open {
  constructor(path, root, instance, component) {
    Object.assign(this, { path, root, instance, component })
  }
  get text() {
    return this.root.textContent
  }
  /** Everything that can be tapped, with its words. */
  get taps() {
    return elements(this.root)
      .filter((one) => listens(one, 'tap'))
      .map((element) => ({ element, words: attribute(element, 'ariaLabel') || element.textContent.trim(), role: attribute(element, 'ariaRole'), disabled: attribute(element, 'ariaDisabled') === true }))
  }
  async tap(words) {
    // Of several the one whose words are nearest, and of those the last: a sheet lies on top of its page.
    const fits = this.taps
      .filter((one) => one.words.includes(words) || one.element.textContent.includes(words))
      .map((one, index) => ({ ...one, index }))
      .sort((a, b) => Number(a.disabled) - Number(b.disabled) || a.words.length - b.words.length || b.index - a.index)
    if (fits.length === 0) throw new Error(`${this.path}: nothing to tap says “${words}”; there is: ${this.taps.map((one) => one.words).join(' | ')}`)
    this.fire(fits[0].element, 'tap')
    await quiet()
  }
  attribute(element, name) {
    return attribute(element, name)
  }
  /** The platform's own buttons are tapped for what they open. */
  button(openType) {
    return elements(this.root).find((one) => one.tagName === 'WX-BUTTON' && attribute(one, 'openType') === openType)
  }
  /** What a screen reader is told of everything that says it. */
  get roles() {
    return elements(this.root).map((one) => attribute(one, 'ariaRole')).filter(Boolean)
  }
  fire(element, name, detail = {}) {
    exparser.Event.dispatchEvent(element.__wxElement, exparser.Event.create(name, detail, { bubbles: true, capturePhase: true, composed: true }))
  }
  /** Types into the field that is so called. */
  async type(label, value) {
    const field = elements(this.root).find((one) => /^WX-(INPUT|TEXTAREA)$/.test(one.tagName) && (attribute(one, 'ariaLabel') ?? '').includes(label))
    if (!field) throw new Error(`${this.path}: no field is called “${label}”`)
    this.fire(field, 'input', { value })
    await quiet()
  }
  close() {
    this.instance.onUnload?.()
    this.component.detach()
    this.root.remove()
    state.stack = []
    state.open = []
  }
}

/** Opens a page as the phone does. */
export async function open(path, query = {}, { online = true, overrides = {} } = {}) {
  start()
  Object.assign(state, { online, overrides })
  for (const list of Object.values(seen)) list.length = 0
  const id = simulate.load(join(built, path), { compiler: 'official', rootPath: built, compilerOptions: { maxBuffer: 64 * 1024 * 1024 } })
  const component = simulate.render(id)
  const root = document.createElement('div')
  document.body.append(root)
  component.attach(root)
  walk(component._exparserNode, (node) => told.add(node))
  state.open = [{ component }]
  const { instance } = component
  Object.assign(instance, { route: path, options: query })
  state.stack = [{ route: path, $page: { fullPath: `/${path}` }, options: query }]
  instance.onLoad?.(query)
  instance.onShow?.()
  instance.onReady?.()
  await quiet()
  return new Open(path, root, instance, component)
}

/** Does what a person would: taps on words, or types into a field that is so called. */
export async function doAll(page, steps) {
  for (const step of steps) await (typeof step === 'string' ? page.tap(step) : page.type(...step))
}

/** Requests, pages opened and calls of the platform since the page was ready. */
export const whatHappened = () => [...seen.moves, ...seen.requests.map((one) => one.line), ...seen.calls]

const appJson = JSON.parse(readFileSync(join(built, 'app.json'), 'utf8'))
/** Every page of the built mini-program. */
export const pages = [...appJson.pages, ...appJson.subPackages.flatMap(({ root, pages: inside }) => inside.map((page) => `${root.replace(/\/$/, '')}/${page}`))]

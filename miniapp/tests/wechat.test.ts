import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { createPinia, setActivePinia } from 'pinia'
import { beforeEach, describe, expect, it, vi } from 'vitest'
import { AGREE, usePrivacy } from '@/stores/privacy'
import { useUpdate } from '@/stores/update'
import { followMe } from '@/words/follow'
import { sharedCard, sharedLine } from '@/words/share'
import { Tracker } from '@/work/tracker'

const root = join(__dirname, '..')
const read = (path: string) => readFileSync(join(root, path), 'utf8')
const sources = readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
  .filter((path) => /\.(ts|vue)$/.test(path) && !path.endsWith('schema.ts'))
  .map((path) => ({ path: path.replace(/\\/g, '/'), text: read(join('src', path)) }))
const manifest = JSON.parse(read('src/manifest.json')) as {
  'mp-weixin': { permission: Record<string, { desc: string }>; requiredPrivateInfos: string[]; requiredBackgroundModes: string[]; __usePrivacyCheck__: boolean }
}
const wechat = manifest['mp-weixin']

beforeEach(() => setActivePinia(createPinia()))

describe("WeChat's question about privacy", () => {
  const asked = (about: string) => {
    const resolve = vi.fn()
    usePrivacy().ask(resolve, { referrer: about })
    return resolve
  }

  it('opens our own sheet, and a yes names the button that was tapped', () => {
    const resolve = asked('chooseMedia')
    expect(usePrivacy().open).toBe(true)
    usePrivacy().agree()
    expect(resolve.mock.calls).toEqual([[{ event: 'exposureAuthorization' }], [{ event: 'agree', buttonId: AGREE }]])
    expect(usePrivacy().open).toBe(false)
  })

  it('answers everybody who waits, and nobody twice', () => {
    const both = [asked('getLocation'), asked('chooseMedia')]
    usePrivacy().agree()
    usePrivacy().refuse()
    for (const resolve of both) expect(resolve).toHaveBeenLastCalledWith({ event: 'agree', buttonId: AGREE })
  })

  it('is not asked again for a place that was refused; a picture that is tapped for is', () => {
    const [place, picture] = [asked('getLocation'), asked('chooseMedia')]
    usePrivacy().refuse()
    expect(place).toHaveBeenLastCalledWith({ event: 'disagree' })
    expect(picture).toHaveBeenLastCalledWith({ event: 'disagree' })
    expect(asked('getLocation').mock.calls).toEqual([[{ event: 'disagree' }]])
    expect(usePrivacy().open).toBe(false)
    asked('chooseMedia')
    expect(usePrivacy().open).toBe(true)
  })

  it('listens from the launch on, and an older WeChat is left alone', () => {
    const wx = { onNeedPrivacyAuthorization: vi.fn(), getPrivacySetting: vi.fn(({ success }) => success({ privacyContractName: '《指引》' })) }
    vi.stubGlobal('wx', wx)
    usePrivacy().start()
    expect(wx.onNeedPrivacyAuthorization).toHaveBeenCalledTimes(1)
    expect(usePrivacy().policy).toBe('《指引》')
    vi.stubGlobal('wx', {})
    expect(() => usePrivacy().start()).not.toThrow()
  })
})

describe('a new version', () => {
  it('is put in place when the person says so, and not before', () => {
    let fetched = () => {}
    const applyUpdate = vi.fn()
    vi.stubGlobal('wx', { getUpdateManager: () => ({ applyUpdate, onUpdateReady: (hear: () => void) => (fetched = hear) }) })
    const update = useUpdate()
    update.start()
    expect(update.ready).toBe(false)
    fetched()
    expect(update.ready).toBe(true)
    expect(applyUpdate).not.toHaveBeenCalled()
    update.apply()
    expect(applyUpdate).toHaveBeenCalledTimes(1)
  })

  it('is offered on the home page only', () => {
    expect(sources.filter(({ text }) => text.includes('<UpdateNotice')).map(({ path }) => path)).toEqual(['pages/home/index.vue'])
  })
})

describe('cards that are shared', () => {
  it('open the page they show', () => {
    expect(sharedCard('合唱团', 'session', { id: '1 2' })).toEqual({ title: '合唱团', path: '/programme/session?id=1%202' })
    expect(sharedLine('合唱团', 'session', { id: '1' })).toEqual({ title: '合唱团', query: 'id=1' })
    expect(sharedLine('首页', 'home')).toEqual({ title: '首页', query: '' })
  })

  it('exist for what everybody may see, and for nothing personal', () => {
    const shared = sources.filter(({ text }) => /onShareAppMessage\(\(\)/.test(text)).map(({ path }) => path)
    expect(shared.sort()).toEqual([
      'booking/offering.vue',
      'booking/room.vue',
      'find/place.vue',
      'pages/home/index.vue',
      'programme/announcements.vue',
      'programme/session.vue',
      'programme/week.vue',
      'visit/hazard.vue',
    ])
  })
})

describe('following somebody on the way', () => {
  type Begin = (options: { type: string; success: () => void; fail: () => void }) => void
  const yes: Begin = ({ success }) => success()
  const no: Begin = ({ fail }) => fail()
  function phone(background: Begin) {
    const wx = { onLocationChange: vi.fn(), offLocationChange: vi.fn(), startLocationUpdateBackground: vi.fn(background), startLocationUpdate: vi.fn(yes), stopLocationUpdate: vi.fn() }
    vi.stubGlobal('wx', wx)
    return wx
  }
  const settled = () => new Promise((resolve) => setTimeout(resolve))

  it('goes on with the phone in the pocket, in WGS-84, and ends', async () => {
    const wx = phone(yes)
    const heard = vi.fn()
    const stop = followMe(heard)
    await settled()
    expect(wx.startLocationUpdateBackground.mock.calls[0]?.[0].type).toBe('wgs84')
    expect(wx.startLocationUpdate).not.toHaveBeenCalled()
    wx.onLocationChange.mock.calls[0]?.[0]({ latitude: 38, longitude: 116 })
    expect(heard).toHaveBeenCalledWith({ lat: 38, lon: 116 })
    stop()
    expect(wx.offLocationChange).toHaveBeenCalledWith(wx.onLocationChange.mock.calls[0]?.[0])
    expect(wx.stopLocationUpdate).toHaveBeenCalledTimes(1)
  })

  it('is content with the screen when that is refused', async () => {
    const wx = phone(no)
    followMe(() => {})
    await settled()
    expect(wx.startLocationUpdate).toHaveBeenCalledTimes(1)
  })

  it('ends also when it was stopped before WeChat had begun', async () => {
    let begin = () => {}
    const wx = phone(({ success }) => (begin = success))
    followMe(() => {})()
    begin()
    await settled()
    expect(wx.stopLocationUpdate).toHaveBeenCalledTimes(2)
  })

  it('tells while the clock sleeps, not more often than it should, and not after the arrival', async () => {
    let [now, moved] = [0, () => {}]
    const [send, unwatch] = [vi.fn(async () => 60), vi.fn()]
    const ports = { locate: async () => ({ lat: 38, lon: 116 }), send, later: () => () => {}, watch: (hear: () => void) => ((moved = hear), unwatch) }
    const tracker = new Tracker(ports, 30_000, () => now)
    tracker.follow('order')
    await settled()
    now = 29_000
    moved()
    await settled()
    expect(send).toHaveBeenCalledTimes(1)
    now = 31_000
    moved()
    await settled()
    expect(send).toHaveBeenCalledTimes(2)
    tracker.stop()
    expect(unwatch).toHaveBeenCalledTimes(1)
    now = 90_000
    moved()
    await settled()
    expect(send).toHaveBeenCalledTimes(2)
  })
})

describe('what WeChat must be told before we may ask', () => {
  /** Interfaces that want the privacy guide, with the leave that is declared for them. */
  const scopes: Record<string, string | undefined> = {
    getLocation: 'scope.userLocation',
    onLocationChange: 'scope.userLocation',
    startLocationUpdate: 'scope.userLocation',
    startLocationUpdateBackground: 'scope.userLocationBackground',
    addPhoneCalendar: 'scope.addPhoneCalendar',
  }
  const others = ['chooseLocation', 'choosePoi', 'chooseAddress', 'getFuzzyLocation', 'chooseMedia', 'chooseImage', 'chooseMessageFile', 'setClipboardData', 'getClipboardData', 'saveImageToPhotosAlbum', 'getUserProfile', 'getWeRunData', 'startRecord', 'getRecorderManager', 'chooseContact', 'addPhoneContact', 'chooseInvoiceTitle', 'openBluetoothAdapter', 'startAccelerometer', 'startCompass', 'startGyroscope', 'scanCode', 'createCameraContext']
  const web = /\/\/ #ifn?def (?:H5|MP-WEIXIN)/
  const code = sources.map(({ text }) => withoutWeb(text)).join('\n')
  const called = [...Object.keys(scopes), ...others].filter((name) => new RegExp(`\\b(?:wx|uni)\\.${name}\\b`).test(code))
  if (/open-type="getPhoneNumber"/.test(code)) called.push('getPhoneNumber')
  const guide = readFileSync(join(root, '../docs/launch.md'), 'utf8')

  /** What is built for the web only is never called in WeChat. */
  function withoutWeb(text: string): string {
    let [kept, inside]: [string[], boolean] = [[], false]
    for (const line of text.split('\n')) {
      if (web.test(line)) inside = /#ifdef H5|#ifndef MP-WEIXIN/.test(line)
      else if (/\/\/ #endif/.test(line)) inside = false
      else if (!inside) kept.push(line)
    }
    return kept.join('\n')
  }

  it('finds what is called', () => expect(called).toEqual(expect.arrayContaining(['getLocation', 'startLocationUpdateBackground', 'chooseMedia', 'getPhoneNumber'])))

  it('has a row of the privacy guide for each, and no row for anything else', () => {
    const rows = [...guide.matchAll(/^\| `(?:wx\.)?(\w+)` \|/gm)].map(([, name]) => name)
    expect(rows.sort()).toEqual([...called].sort())
  })

  it('is declared in the manifest, with words where WeChat shows them', () => {
    expect([...wechat.requiredPrivateInfos].sort()).toEqual(called.filter((name) => /ocation/.test(name)).sort())
    for (const name of called) if (scopes[name]) expect(wechat.permission[scopes[name] ?? '']?.desc, name).toBeTruthy()
    expect(wechat.requiredBackgroundModes).toEqual(['location'])
    expect(wechat.__usePrivacyCheck__).toBe(true)
  })
})

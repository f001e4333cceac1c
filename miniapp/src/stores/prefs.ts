import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { language, languageTag, type Language } from '@/i18n'

const KEY = 'linli.prefs'

/** The sizes of body text one can choose in large type. CSS pixels. */
export const SIZES = [18, 20, 23, 26, 30] as const
/** Large type where nothing was chosen. */
const LARGE = 23
/** What body text has for most people, and from which size of the device on large type is wished for. */
const USUAL = 17
const WISHES_LARGE = 23

interface Wishes {
  language: Language
  large: boolean
}
interface Kept extends Partial<Wishes> {
  size?: number
  /** Said on this device, not only learned from the profile. */
  own?: (keyof Wishes)[]
}

function kept(): Kept {
  const value: unknown = uni.getStorageSync(KEY)
  return typeof value === 'object' && value !== null ? (value as Kept) : {}
}

/** The size of body text the device is set to: WeChat's own setting, or the browser's. */
function deviceSize(setting: number | undefined): number {
  let size = setting ?? 0
  // #ifdef H5
  if (!size) {
    // The framework sets the root's size itself; `medium` stays what the person set. Browsers begin at 16.
    const probe = document.createElement('span')
    probe.style.fontSize = 'medium'
    document.body.append(probe)
    size = (parseFloat(getComputedStyle(probe).fontSize) / 16) * USUAL
    probe.remove()
  }
  // #endif
  return size || USUAL
}

/** The step nearest to a size. */
function nearest(size: number): number {
  return SIZES.reduce<number>((best, step) => (Math.abs(step - size) < Math.abs(best - size) ? step : best), SIZES[0])
}

/** How the person wants to read: language, large type and its size. Kept on the device; the first two also with the profile. */
export const usePrefs = defineStore('prefs', () => {
  const large = ref(false)
  /** Of body text in large type, where it was chosen. */
  const chosen = ref<number>()
  const device = ref(USUAL)
  const own = ref<ReadonlySet<keyof Wishes>>(new Set())

  const size = computed(() => chosen.value ?? (device.value >= WISHES_LARGE ? nearest(device.value) : LARGE))
  /** The one property every size of type is derived from. */
  const style = computed(() => `--body:${large.value ? size.value : Math.round(Math.max(USUAL, Math.min(device.value, WISHES_LARGE)))}px`)

  function keep() {
    uni.setStorageSync(KEY, { language: language.value, large: large.value, size: chosen.value, own: [...own.value] })
    // #ifdef H5
    document.documentElement.lang = languageTag()
    // #endif
  }

  /** Reads what was chosen before; the first time, follows the device. */
  function start() {
    const before = kept()
    const system = uni.getSystemInfoSync() as { language?: string; fontSizeSetting?: number }
    device.value = deviceSize(system.fontSizeSetting)
    own.value = new Set(before.own)
    chosen.value = before.size
    language.value = before.language ?? (/^(zh|$)/i.test(system.language ?? '') ? 'zh' : 'en')
    large.value = before.large ?? device.value >= WISHES_LARGE
    // #ifdef H5
    document.documentElement.lang = languageTag()
    // #endif
  }

  function setLanguage(next: Language) {
    own.value = new Set([...own.value, 'language'])
    language.value = next
    keep()
  }

  function setLarge(next: boolean) {
    own.value = new Set([...own.value, 'large'])
    large.value = next
    keep()
  }

  function setSize(next: number) {
    chosen.value = next
    keep()
  }

  /** What the profile wishes holds where nothing was said on this device. */
  function follow(wishes: Wishes) {
    const next = { language: language.value, large: large.value }
    if (!own.value.has('language')) next.language = wishes.language
    // A profile that says nothing does not take away what the device asks for.
    if (!own.value.has('large')) next.large = wishes.large || device.value >= WISHES_LARGE
    if (next.language === language.value && next.large === large.value) return
    language.value = next.language
    large.value = next.large
    keep()
  }

  return { language, large, size, style, start, setLanguage, setLarge, setSize, follow }
})

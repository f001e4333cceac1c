import { defineStore } from 'pinia'
import { ref } from 'vue'
import { language, languageTag, type Language } from '@/i18n'

const KEY = 'linli.prefs'

interface Kept {
  language?: Language
  large?: boolean
}

function kept(): Kept {
  const value: unknown = uni.getStorageSync(KEY)
  return typeof value === 'object' && value !== null ? (value as Kept) : {}
}

/** How the person wants to read: language and large type. Kept on the device, and with the profile after a login. */
export const usePrefs = defineStore('prefs', () => {
  const large = ref(false)

  function keep() {
    uni.setStorageSync(KEY, { language: language.value, large: large.value })
    // #ifdef H5
    document.documentElement.lang = languageTag()
    // #endif
  }

  /** Reads what was chosen before; the first time, follows the device. */
  function start() {
    const before = kept()
    const device = uni.getSystemInfoSync() as { language?: string; fontSizeSetting?: number }
    language.value = before.language ?? (/^(zh|$)/i.test(device.language ?? '') ? 'zh' : 'en')
    // WeChat tells the size set in its own care mode: 23 and above is large type.
    large.value = before.large ?? (device.fontSizeSetting ?? 0) >= 22
    // #ifdef H5
    document.documentElement.lang = languageTag()
    // #endif
  }

  function setLanguage(next: Language) {
    language.value = next
    keep()
  }

  function setLarge(next: boolean) {
    large.value = next
    keep()
  }

  return { language, large, start, setLanguage, setLarge }
})

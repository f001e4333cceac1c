import { defineStore } from 'pinia'
import { ref } from 'vue'

/** The button that agrees; WeChat looks whether it was tapped. */
export const AGREE = 'privacy-agree'
/** Asked for without a tap, again and again while on the way: one no is enough for as long as the mini-program is open. */
const BY_ITSELF = /^(getLocation|startLocationUpdate|startLocationUpdateBackground|onLocationChange)$/

type Answer = (how: { event: 'exposureAuthorization' | 'agree' | 'disagree'; buttonId?: string }) => void
type Ask = (resolve: Answer, about?: { referrer?: string }) => void

/** WeChat's question about the privacy guide: asked when an interface first needs it, answered on whatever page is open. */
export const usePrivacy = defineStore('privacy', () => {
  const open = ref(false)
  /** What the guide is called in WeChat's console. */
  const policy = ref('')
  let waiting: { resolve: Answer; about: string }[] = []
  const refused = new Set<string>()

  const ask: Ask = (resolve, event) => {
    const about = event?.referrer ?? ''
    if (BY_ITSELF.test(about) && refused.has(about)) return resolve({ event: 'disagree' })
    waiting.push({ resolve, about })
    resolve({ event: 'exposureAuthorization' })
    open.value = true
  }

  /** Listens for the question. To be called once, at launch. */
  function start() {
    // #ifdef MP-WEIXIN
    // An older WeChat asks nothing.
    if (typeof wx.onNeedPrivacyAuthorization !== 'function') return
    wx.getPrivacySetting({ success: ({ privacyContractName }) => (policy.value = privacyContractName) })
    // The platform's types leave out what its listener is told.
    wx.onNeedPrivacyAuthorization(ask as unknown as Parameters<typeof wx.onNeedPrivacyAuthorization>[0])
    // #endif
  }

  function answer(how: Parameters<Answer>[0]) {
    const asked = waiting
    waiting = []
    open.value = false
    for (const { resolve, about } of asked) {
      if (how.event === 'disagree') refused.add(about)
      resolve(how)
    }
  }
  const agree = () => answer({ event: 'agree', buttonId: AGREE })
  /** What needs no such interface goes on: looking, an address that is typed, a code by SMS. */
  const refuse = () => answer({ event: 'disagree' })

  /** Opens the guide itself. */
  function read() {
    // #ifdef MP-WEIXIN
    wx.openPrivacyContract({ fail: () => {} })
    // #endif
  }

  return { open, policy, start, ask, agree, refuse, read }
})

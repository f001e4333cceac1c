import { defineStore } from 'pinia'
import { ref } from 'vue'

/** A newer mini-program that WeChat has fetched. Put in place when the person says so: it begins anew, and would end what they are doing. */
export const useUpdate = defineStore('update', () => {
  const ready = ref(false)
  let put: () => void = () => {}

  /** Listens for one. To be called once, at launch; one that cannot be fetched is fetched at the next launch. */
  function start() {
    // #ifdef MP-WEIXIN
    const manager = wx.getUpdateManager()
    put = () => manager.applyUpdate()
    manager.onUpdateReady(() => (ready.value = true))
    // #endif
  }

  return { ready, start, apply: () => put() }
})

import { onHide, onShow, onUnload } from '@dcloudio/uni-app'
import { onUnmounted, ref, watchEffect } from 'vue'
import { serverNow } from '@/api'

/** Calls `beat` every so many milliseconds while the page is on the screen, and once when it comes back. */
export function useBeat(beat: () => void, every: number) {
  let timer: ReturnType<typeof setInterval> | undefined
  const stop = () => {
    clearInterval(timer)
    timer = undefined
  }
  const start = () => {
    stop()
    timer = setInterval(beat, every)
  }
  onShow(start)
  onHide(stop)
  onUnload(stop)
  onUnmounted(stop)
}

/** The time now by the server's clock, kept up to date while the page is on the screen. */
export function useNow(every = 30_000) {
  const now = ref(0)
  // At once also when the server's clock becomes known.
  watchEffect(() => (now.value = serverNow()))
  useBeat(() => (now.value = serverNow()), every)
  return now
}

import { onHide, onShow, onUnload } from '@dcloudio/uni-app'
import { onUnmounted } from 'vue'
import { live } from '@/api'
import type { LiveEvent } from '@/api/live'

/**
 * Hears what happens while the page is on the screen. `hear` is told each event; `refresh` is called when something was missed:
 * then the page reads anew. A page that is shown again reads by itself.
 */
export function useLive(hear: (event: LiveEvent) => void, refresh: () => void): void {
  let leave: (() => void) | undefined
  const stop = () => {
    leave?.()
    leave = undefined
  }
  onShow(() => {
    leave ??= live.listen((news) => (news === 'reset' ? refresh() : hear(news)))
  })
  onHide(stop)
  onUnload(stop)
  onUnmounted(stop)
}

/** Whether an event is about that order. */
export const isAbout = (event: LiveEvent, order: string): boolean => event.payload.order_id === order

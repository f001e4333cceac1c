import { onHide, onShow, onUnload } from '@dcloudio/uni-app'
import { onUnmounted, ref, type Ref } from 'vue'

/** Whether there is room for two panes, kept up to date. */
export function useWide(): Ref<boolean> {
  const wide = ref(false)
  // #ifdef H5
  const media = window.matchMedia('(min-width: 900px)')
  const learn = () => (wide.value = media.matches)
  learn()
  media.addEventListener('change', learn)
  onUnmounted(() => media.removeEventListener('change', learn))
  // #endif
  return wide
}

/**
 * The keys of a page, while it is on the screen and nobody is typing. A handler answers `true` when the key was its own:
 * then the browser does nothing more with it.
 */
export function useKeys(handle: (key: string, event: KeyboardEvent) => boolean | void): void {
  // #ifdef H5
  const keys = (event: KeyboardEvent) => {
    const target = event.target as HTMLElement
    if (/^(INPUT|TEXTAREA|SELECT)$/.test(target.tagName) || event.metaKey || event.ctrlKey || event.altKey) return
    if (handle(event.key, event) === true) event.preventDefault()
  }
  const stop = () => document.removeEventListener('keydown', keys)
  onShow(() => document.addEventListener('keydown', keys))
  onHide(stop)
  onUnload(stop)
  onUnmounted(stop)
  // #endif
}

/** The list's neighbour for an arrow key; nothing where there is none. */
export function neighbour<T>(items: readonly T[], at: number, key: string): T | undefined {
  if (key !== 'ArrowDown' && key !== 'ArrowUp') return undefined
  return items[key === 'ArrowDown' ? at + 1 : Math.max(0, at - 1)]
}

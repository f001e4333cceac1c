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

/** A key of a page, as the list of keys shows it. */
export interface PageKey {
  key: string
  words: string
}

const isTyping = (event: KeyboardEvent) => /^(INPUT|TEXTAREA|SELECT)$/.test((event.target as HTMLElement).tagName)
/** A question on top of the page has the keyboard to itself. */
const isAsked = () => [...document.querySelectorAll('[role=dialog]')].some((dialog) => dialog.getClientRects().length > 0)

/**
 * The keys of a page, while it is on the screen and nobody is typing or asked something. A handler answers `true` when the key was
 * its own: then nobody else does anything with it. `first` hears every key before the page does, also while somebody types.
 */
export function useKeys(handle: (key: string, event: KeyboardEvent) => boolean | void, first = false): void {
  // #ifdef H5
  const keys = (event: KeyboardEvent) => {
    if (event.isComposing || isAsked()) return
    if (!first && (isTyping(event) || event.metaKey || event.ctrlKey || event.altKey || event.defaultPrevented)) return
    if (handle(event.key, event) !== true) return
    event.preventDefault()
    if (first) event.stopPropagation()
  }
  const stop = () => document.removeEventListener('keydown', keys, first)
  onShow(() => document.addEventListener('keydown', keys, first))
  onHide(stop)
  onUnload(stop)
  onUnmounted(stop)
  // #endif
}

/** How long the letter after G may take. Milliseconds. */
const CHORD = 1_500

export interface FrameKeys {
  /** The letter after G; whether there is such a door. */
  door(letter: string): boolean
  palette(): void
  sheet(): void
  leave(): void
}

/** The keys every page of the staff has: the palette, the doors by their letters, lists by the arrows. */
export function useFrameKeys(frame: FrameKeys): void {
  // #ifdef H5
  let since = -CHORD
  // Before the page's own keys: after G a letter names a door, whatever it means on the page.
  useKeys((key, event) => {
    if ((event.ctrlKey || event.metaKey) && !event.altKey && key.toLowerCase() === 'k') {
      frame.palette()
      return true
    }
    if (isTyping(event) || event.metaKey || event.ctrlKey || event.altKey) return false
    const waited = event.timeStamp - since <= CHORD
    since = -CHORD
    if (waited && /^[a-z]$/i.test(key)) return frame.door(key.toLowerCase())
    if (key === 'g') since = event.timeStamp
    return key === 'g'
  }, true)

  useKeys((key) => {
    if (key === '/') frame.palette()
    else if (key === '?') frame.sheet()
    else if (key === 'Escape') return leaveDetail() || (!isHalfWritten() && (frame.leave(), true))
    else return key === 'ArrowDown' || key === 'ArrowUp' ? goThroughList(key === 'ArrowDown') : false
    return true
  })
  // A row opens by itself; where what it opens stands beside the list, the keyboard goes there.
  const enter = (event: KeyboardEvent) => {
    if (event.key === 'Enter' && !isAsked()) detailOf((event.target as HTMLElement).closest(ROWS))?.focus()
  }
  const stop = () => document.removeEventListener('keydown', enter)
  onShow(() => document.addEventListener('keydown', enter))
  onHide(stop)
  onUnload(stop)
  onUnmounted(stop)
  // #endif
}

// #ifdef H5
const ROWS = '.queue__row[tabindex="0"], .cell[tabindex="0"]'
const DETAIL = '.panes__detail'

const shown = (element: Element) => element.getClientRects().length > 0
const rows = () => [...document.querySelectorAll<HTMLElement>(ROWS)].filter((row) => shown(row) && !row.closest(DETAIL))
const detailOf = (row: Element | null) => row?.closest('.panes')?.querySelector<HTMLElement>(`:scope > ${DETAIL}[tabindex]`) ?? undefined

/** To the next row of the list. Where its detail stands beside, that changes with it. */
function goThroughList(down: boolean): boolean {
  const list = rows()
  const here = document.activeElement?.closest(ROWS)
  const focused = list.findIndex((row) => row === here)
  const at = focused >= 0 ? focused : list.findIndex((row) => row.getAttribute('aria-current') === 'true')
  const to = list[at < 0 ? (down ? 0 : list.length - 1) : at + (down ? 1 : -1)]
  if (!to) return list.length > 0
  to.focus()
  if (detailOf(to)) to.click()
  return true
}

/** From the detail back to its row. */
function leaveDetail(): boolean {
  const detail = document.activeElement?.closest(DETAIL)
  const row = detail && rows().find((one) => one.getAttribute('aria-current') === 'true')
  row?.focus()
  return row !== undefined && row !== null
}

/** Something was typed on this page and not yet sent: Escape must not throw it away. */
function isHalfWritten(): boolean {
  return [...document.querySelectorAll<HTMLInputElement | HTMLTextAreaElement>('input, textarea')].some((field) => shown(field) && field.value !== '')
}
// #endif

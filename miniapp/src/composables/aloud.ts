import { computed, onUnmounted, ref } from 'vue'
import { onHide, onUnload } from '@dcloudio/uni-app'
import { languageTag } from '@/i18n'

/** Slower than people usually speak. */
const RATE = 0.85

/** Who is reading: a device has one voice. */
const reader = ref<symbol>()

// #ifdef H5
function say(lines: readonly string[], mine: symbol) {
  window.speechSynthesis.cancel()
  // Line by line: browsers stop in the middle of what is long.
  for (const [index, line] of lines.entries()) {
    const voice = new SpeechSynthesisUtterance(line)
    voice.lang = languageTag()
    voice.rate = RATE
    const over = () => {
      if (reader.value === mine) reader.value = undefined
    }
    voice.onerror = over
    if (index === lines.length - 1) voice.onend = over
    window.speechSynthesis.speak(voice)
  }
}
// #endif

/** What stands on a part of the page, line by line, as it is seen. */
export function linesOf(element: HTMLElement | null | undefined): string[] {
  return (element?.innerText ?? '')
    .split('\n')
    .map((line) => line.trim())
    .filter(Boolean)
}

/** Reads aloud where the platform has a voice; the same tap stops it, and so does leaving the page. */
export function useAloud() {
  const mine = Symbol('reader')
  const can = ref(false)
  // #ifdef H5
  can.value = 'speechSynthesis' in window
  // #endif
  const reading = computed(() => reader.value === mine)

  function stop() {
    if (reader.value !== mine) return
    reader.value = undefined
    // #ifdef H5
    window.speechSynthesis.cancel()
    // #endif
  }

  /** Begins to read, or stops. */
  function toggle(lines: readonly string[]) {
    if (reading.value) return stop()
    if (lines.length === 0) return
    reader.value = mine
    // #ifdef H5
    say(lines, mine)
    // #endif
  }

  onHide(stop)
  onUnload(stop)
  onUnmounted(stop)
  return { can, reading, toggle, stop }
}

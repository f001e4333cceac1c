import { defineStore } from 'pinia'
import { ref } from 'vue'
import { usePrefs } from './prefs'

/** Long enough to read two lines twice. Milliseconds. */
const SHOWN = 6_000
/** A page that opens this soon after the words is the one they are to be read on. Milliseconds. */
const TOGETHER = 1_500

/** One sentence said in passing ("the code is on its way"), shown and read aloud on whatever page is open. */
export const useSaid = defineStore('said', () => {
  const prefs = usePrefs()
  const words = ref('')
  let timer: ReturnType<typeof setTimeout> | undefined
  let at = 0

  function say(next: string) {
    words.value = next
    at = Date.now()
    clearTimeout(timer)
    // In large type nothing goes away by itself: it is closed, or left behind with its page.
    if (!prefs.large) timer = setTimeout(() => (words.value = ''), SHOWN)
  }

  /** What was said is done with. */
  function hush() {
    clearTimeout(timer)
    words.value = ''
  }

  /** The person went on to another page. */
  function goOn() {
    if (prefs.large && Date.now() - at > TOGETHER) hush()
  }

  return { words, say, hush, goOn }
})

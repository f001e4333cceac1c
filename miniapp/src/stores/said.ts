import { defineStore } from 'pinia'
import { ref } from 'vue'

/** Long enough to read two lines twice. Milliseconds. */
const SHOWN = 6_000

/** One sentence said in passing ("the code is on its way"), shown and read aloud on whatever page is open. */
export const useSaid = defineStore('said', () => {
  const words = ref('')
  let timer: ReturnType<typeof setTimeout> | undefined

  function say(next: string) {
    words.value = next
    clearTimeout(timer)
    timer = setTimeout(() => (words.value = ''), SHOWN)
  }

  /** What was said is done with. */
  function hush() {
    clearTimeout(timer)
    words.value = ''
  }

  return { words, say, hush }
})

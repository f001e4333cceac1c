import { onUnmounted, ref, watch } from 'vue'
import type { EmergencyCall } from '@/api/types'
import { visits } from '@/api/visits'

/** People pause when a thought is written. Milliseconds. */
const PAUSE = 600
const LONGEST = 500

/** Whom to call first, by what is being typed. Not knowing it stands in nobody's way. */
export function useEmergency(text: () => string) {
  const emergency = ref<EmergencyCall>()
  let timer: ReturnType<typeof setTimeout> | undefined
  let asked = 0

  async function ask(words: string) {
    const mine = (asked += 1)
    const found = await visits.emergency(words.slice(-LONGEST)).catch(() => undefined)
    if (mine === asked && found) emergency.value = found
  }
  watch(text, (words) => {
    clearTimeout(timer)
    if (words.trim() === '') {
      asked += 1
      emergency.value = undefined
    } else {
      timer = setTimeout(() => void ask(words), PAUSE)
    }
  })
  onUnmounted(() => clearTimeout(timer))
  return emergency
}

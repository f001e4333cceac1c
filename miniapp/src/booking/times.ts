import { computed, reactive, ref } from 'vue'
import { api, serverNow } from '@/api'
import type { DayAvailability, Slot } from '@/api/types'
import { useLoad } from '@/composables/load'
import { dayOf } from '@/words/date'

/** Days shown at once; the server opens at most four weeks ahead for most kinds. */
const DAYS = 14

/** The first day worth looking at: one with places, else one with a line, else the first that is not over. */
export function firstUseful(days: readonly DayAvailability[]): string {
  const with_ = (...left: DayAvailability['left'][]) => days.find((day) => left.includes(day.left))?.day
  return with_('many', 'few') ?? with_('line') ?? with_('none', 'not_open') ?? days[0]?.day ?? ''
}

/** The days and times of an offering, for booking and for moving. */
export function useTimes(offering: () => string) {
  const day = ref('')
  const days = useLoad<DayAvailability[]>(
    async () => {
      const query = { from: dayOf(serverNow()), days: DAYS }
      const { items } = await api.get('/offerings/{id}/days', { path: { id: offering() }, query })
      if (!items.some((item) => item.day === day.value)) day.value = firstUseful(items)
      return items
    },
    (items) => items.length === 0,
  )
  const slots = useLoad<Slot[]>(
    async () => (await api.get('/offerings/{id}/slots', { path: { id: offering() }, query: { day: day.value } })).items,
    (items) => items.length === 0,
  )
  const chosen = computed(() => days.value?.find((item) => item.day === day.value))

  async function load() {
    await days.refresh()
    if (day.value !== '') await slots.refresh()
  }

  function choose(next: string) {
    day.value = next
    void slots.reload()
  }

  return reactive({ day, days, slots, chosen, load, choose })
}

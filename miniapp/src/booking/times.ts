import { computed, reactive, ref } from 'vue'
import { api, serverNow } from '@/api'
import type { DayAvailability, Offering, Slot } from '@/api/types'
import { useLoad } from '@/composables/load'
import { dayOf, momentOf } from '@/words/date'

/** Days shown at once; the server opens at most four weeks ahead for most kinds. */
const DAYS = 14

/** The first day worth looking at: one with places, else one with a line, else the first that is not over. */
export function firstUseful(days: readonly DayAvailability[]): string {
  const with_ = (...left: DayAvailability['left'][]) => days.find((day) => left.includes(day.left))?.day
  return with_('many', 'few') ?? with_('line') ?? with_('none', 'not_open') ?? days[0]?.day ?? ''
}

/** Asked for their times to find the soonest; more would only keep people waiting. */
const LIKELY = 3

/** Those with a place on the first day anybody has one; of equals those that stand first. */
export function soonestOf(offerings: readonly Offering[]): Offering[] {
  const first = offerings.map(({ next }) => next?.day ?? '').filter(Boolean).sort()[0]
  return offerings.filter(({ next }) => first !== undefined && next?.day === first).slice(0, LIKELY)
}

/** The soonest time with a place; of equals the one that stands first. */
export function firstOf(days: readonly { offering: Offering; slots: readonly Slot[] }[]): { offering: Offering; slot: Slot } | undefined {
  const free = days.flatMap(({ offering, slots }) => slots.filter(({ bookable }) => bookable).map((slot) => ({ offering, slot })))
  return free.sort((a, b) => momentOf(a.slot.start) - momentOf(b.slot.start))[0]
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
    // What is over is no choice any more.
    async () => (await api.get('/offerings/{id}/slots', { path: { id: offering() }, query: { day: day.value } })).items.filter(({ left }) => left !== 'past'),
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

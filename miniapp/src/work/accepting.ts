import { reactive, ref, shallowRef } from 'vue'
import type { ApiProblem } from '@/api/problem'
import type { Job, JobOffer } from '@/api/types'
import { work } from '@/api/work'
import { useAction } from '@/composables/action'
import { t } from '@/i18n'
import { useSaid } from '@/stores/said'
import { useUnsent } from './unsent'

/** The job has gone to somebody else, or its time is over: said above the list, since it is no longer in it. */
const GONE = ['visit_gone', 'offer_ended', 'not_found']
const nameOf = (offer: JobOffer): string => offer.id ?? offer.order_id

/**
 * Saying yes or no to a job. It belongs to the page, not to the job's card: the news that the job is taken may arrive before the
 * answer to one's own yes, and then the card is gone.
 */
export function useAccepting(won: (job: Job) => void, out: (offer: JobOffer) => void) {
  const unsent = useUnsent()
  const said = useSaid()
  /** Which one is being answered. */
  const busy = ref('')
  /** Somebody else was quicker. */
  const lost = shallowRef<ApiProblem>()
  const refused = shallowRef<{ name: string; problem: ApiProblem }>()
  const yes = useAction('accept', (offer: JobOffer, key) => (offer.id ? work.accept(offer.id, key) : work.take(offer.order_id, key)))
  const no = useAction('decline', (offer: JobOffer) => work.decline(nameOf(offer)))

  async function during(offer: JobOffer, act: () => Promise<void>) {
    if (busy.value) return
    busy.value = nameOf(offer)
    ;[lost.value, refused.value] = [undefined, undefined]
    await act()
    busy.value = ''
  }
  const accept = (offer: JobOffer) =>
    during(offer, async () => {
      const done = await yes.run(offer)
      if (done) {
        unsent.won(done.value, offer)
        said.say(t('offer.accepted'))
        won(done.value)
      } else if (yes.problem && GONE.includes(yes.problem.code)) {
        lost.value = yes.problem
        out(offer)
      } else if (yes.problem) {
        refused.value = { name: nameOf(offer), problem: yes.problem }
      }
    })
  const decline = (offer: JobOffer) =>
    during(offer, async () => {
      const done = await no.run(offer)
      if (done) said.say(t('offer.declined'))
      // Whatever is no longer there needs no no.
      if (done || (no.problem && GONE.includes(no.problem.code))) out(offer)
      else if (no.problem) refused.value = { name: nameOf(offer), problem: no.problem }
    })
  const isBusy = (offer: JobOffer) => busy.value === nameOf(offer)
  const problemOf = (offer: JobOffer) => (refused.value?.name === nameOf(offer) ? refused.value.problem : undefined)

  return reactive({ lost, accept, decline, isBusy, problemOf })
}

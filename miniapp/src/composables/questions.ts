import { computed, nextTick, reactive, ref } from 'vue'
import { usePrefs } from '@/stores/prefs'

/**
 * What is asked on one way, over several pages: `all` of it in order, and which of it is `mine`, this page's. In large type one
 * question is shown at a time, and how far one has come is counted over all of it; otherwise everything of a page stands on it.
 */
export function useQuestions<Way extends string, Mine extends Way>(all: () => readonly Way[], mine: () => readonly Mine[]) {
  const prefs = usePrefs()
  const one = computed(() => prefs.large)
  const at = ref(0)
  const here = computed(() => mine()[Math.min(at.value, mine().length - 1)])
  const step = computed(() => (here.value === undefined ? 0 : all().indexOf(here.value) + 1))
  const steps = computed(() => all().length)
  /** There is a question before this one on the same page. */
  const within = computed(() => one.value && at.value > 0)
  const last = computed(() => !one.value || at.value >= mine().length - 1)

  const shows = (question: Mine) => mine().includes(question) && (!one.value || here.value === question)

  function turn(to: number) {
    at.value = Math.max(0, Math.min(to, mine().length - 1))
    void nextTick(() => uni.pageScrollTo({ scrollTop: 0, duration: 0 }))
  }
  const turnTo = (question: Mine) => turn(mine().indexOf(question))
  const next = () => turn(at.value + 1)
  const before = () => turn(at.value - 1)

  return reactive({ one, here, step, steps, within, last, shows, turnTo, next, before })
}

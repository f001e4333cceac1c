import { computed, reactive, ref, shallowRef, toRefs, watch, type Ref } from 'vue'
import { line } from '@/api'
import { ApiProblem } from '@/api/problem'
import { t } from '@/i18n'

export type LoadState = 'loading' | 'failed' | 'empty' | 'ready'

/** Any failure as a problem to show: what is no answer of the server is a mistake of the page. */
export function asProblem(reason: unknown): ApiProblem {
  return reason instanceof ApiProblem ? reason : new ApiProblem(0, 'page', t('problem.page.title'), t('problem.page.detail'))
}

/**
 * Something a page shows and has to fetch first. An answer that arrives after a newer question is thrown away;
 * a refresh that fails leaves what is on the screen and says so. What a lost line kept away comes by itself once it is back.
 */
export function useLoad<T>(fetch: () => Promise<T>, isEmpty: (value: T) => boolean = () => false) {
  const value: Ref<T | undefined> = shallowRef()
  const problem = shallowRef<ApiProblem>()
  const busy = ref(false)
  let asked = 0

  const state = computed<LoadState>(() => {
    if (value.value !== undefined) return isEmpty(value.value) ? 'empty' : 'ready'
    return problem.value && !busy.value ? 'failed' : 'loading'
  })

  async function refresh(): Promise<void> {
    const mine = (asked += 1)
    busy.value = true
    try {
      const fresh = await fetch()
      if (mine !== asked) return
      value.value = fresh
      problem.value = undefined
    } catch (reason) {
      if (mine === asked) problem.value = asProblem(reason)
    } finally {
      if (mine === asked) busy.value = false
    }
  }

  watch(line.returns, () => problem.value?.offline && void refresh())

  /** Starts over: the old value goes, since it answers another question. */
  async function reload(): Promise<void> {
    value.value = undefined
    problem.value = undefined
    await refresh()
  }

  return reactive({ value, problem, busy, state, refresh, reload })
}

interface Page<T> {
  items: T[]
  next?: string
}

/** A list that comes in pages. */
export function usePages<T extends { id: string }>(fetch: (cursor: string | undefined) => Promise<Page<T>>) {
  const more = ref<string>()
  const moreBusy = ref(false)
  const moreProblem = shallowRef<ApiProblem>()
  const first = useLoad(
    async () => {
      const page = await fetch(undefined)
      more.value = page.next
      return page.items
    },
    (items) => items.length === 0,
  )

  async function loadMore(): Promise<void> {
    const cursor = more.value
    if (cursor === undefined || moreBusy.value) return
    moreBusy.value = true
    moreProblem.value = undefined
    try {
      const page = await fetch(cursor)
      // What moved between two pages while reading must not appear twice.
      const known = new Set((first.value ?? []).map((item) => item.id))
      first.value = [...(first.value ?? []), ...page.items.filter((item) => !known.has(item.id))]
      more.value = page.next
    } catch (reason) {
      moreProblem.value = asProblem(reason)
    } finally {
      moreBusy.value = false
    }
  }

  return reactive({ ...toRefs(first), more, moreBusy, moreProblem, loadMore })
}

import { reactive, ref, shallowRef } from 'vue'
import { actionKeys } from '@/api'
import type { ApiProblem } from '@/api/problem'
import { asProblem } from './load'

/** Whether the server may still have acted, or may still act: then the next try is the same action. */
function undecided(problem: ApiProblem): boolean {
  return problem.status === 0 || problem.status >= 500 || problem.status === 429
}

/**
 * Something a person does with a button: it runs once however often it is tapped, carries one key until the server has decided,
 * and keeps the refusal for the page to show.
 */
export function useAction<C, R>(name: string, perform: (content: C, key: string) => Promise<R>) {
  const busy = ref(false)
  const problem = shallowRef<ApiProblem>()

  async function run(content: C): Promise<{ value: R } | undefined> {
    if (busy.value) return undefined
    busy.value = true
    problem.value = undefined
    try {
      const value = await perform(content, actionKeys.keyFor(name, content))
      actionKeys.settle(name)
      return { value }
    } catch (reason) {
      const refused = asProblem(reason)
      if (!undecided(refused)) actionKeys.settle(name)
      problem.value = refused
      return undefined
    } finally {
      busy.value = false
    }
  }

  return reactive({ busy, problem, run })
}

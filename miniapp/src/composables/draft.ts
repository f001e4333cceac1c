import { watch } from 'vue'
import { useDrafts } from '@/stores/drafts'

/** Keeps a form while it is filled in, so that a call, a reload or a lost line costs nothing of it. */
export function useDraft<F extends object>(form: F) {
  const drafts = useDrafts()
  let name = ''

  /** Takes up what was entered before under this name, on top of what is in the form now; says whether there was something. */
  function begin(as: string): boolean {
    name = as
    const kept = drafts.of(name).form
    if (kept !== undefined) Object.assign(form, JSON.parse(kept) as Partial<F>)
    return kept !== undefined
  }
  watch(form, () => name !== '' && drafts.keep(name, { form: JSON.stringify(form) }), { flush: 'sync' })

  /** Sent: what changes from here on belongs to nothing. */
  function done(): void {
    drafts.drop(name)
    name = ''
  }

  return { begin, done }
}

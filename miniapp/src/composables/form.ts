import { reactive, watch } from 'vue'
import type { ApiProblem } from '@/api/problem'
import type { FormField } from '@/api/types'
import { t } from '@/i18n'
import { useDrafts } from '@/stores/drafts'

/** The answers to what a kind asks, kept as a draft until they are sent. */
export function useKindForm(fields: () => readonly FormField[]) {
  const drafts = useDrafts()
  const form = reactive<Record<string, string>>({})
  const wrong = reactive<Record<string, string>>({})
  let draft = ''

  /** Takes up what was typed before under this name. */
  function begin(name: string) {
    draft = name
    Object.assign(form, drafts.of(name))
  }
  watch(form, () => draft !== '' && drafts.keep(draft, form))

  const write = (key: string, value: string) => (form[key] = value)

  /** What is to be sent; nothing when something needed is missing, which is then said at its field. */
  function complete(): { answers: Record<string, string> | undefined } | undefined {
    for (const field of fields()) wrong[field.key] = field.required && !form[field.key]?.trim() ? t('form.required') : ''
    if (fields().some((field) => wrong[field.key])) return undefined
    const filled = fields().map((field) => [field.key, form[field.key]?.trim() ?? ''] as const).filter(([, value]) => value !== '')
    return { answers: filled.length > 0 ? Object.fromEntries(filled) : undefined }
  }

  /** Says at the fields what the server objected to there. */
  function blame(problem: ApiProblem | undefined) {
    for (const field of fields()) wrong[field.key] = problem?.field(field.key) ?? ''
  }

  /** A problem that belongs to no field. */
  const loose = (problem: ApiProblem | undefined) => problem?.beside(fields().map((field) => field.key))

  const done = () => drafts.drop(draft)

  return { form, wrong, begin, write, complete, blame, loose, done }
}

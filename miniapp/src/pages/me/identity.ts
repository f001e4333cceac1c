import type { Fact, Person } from '@/api/types'
import { t } from '@/i18n'

/** Whether a person's identity is verified, in a word or two. */
export function identityWord(person: Person): string {
  const fact = person.facts.find((one: Fact) => one.fact === 'identity')
  return t(`fact.status.${fact?.status ?? 'missing'}`)
}

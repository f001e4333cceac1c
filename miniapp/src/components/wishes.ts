import { t } from '@/i18n'

const any = () => ({ value: '', words: t('visit.wish.any') })

/** What may be wished of whoever comes, in words. */
export const genders = () => [any(), { value: 'female', words: t('visit.wish.female') }, { value: 'male', words: t('visit.wish.male') }]

export const languages = () => [
  any(),
  { value: 'mandarin', words: t('visit.wish.mandarin') },
  { value: 'local', words: t('visit.wish.dialect') },
  { value: 'english', words: t('visit.wish.english') },
  { value: 'sign', words: t('visit.wish.sign') },
]

/** One of those who have been before, or anybody. */
export const knownPeople = (known: readonly { id: string; name: string }[]) => [any(), ...known.map(({ id, name }) => ({ value: id, words: t('visit.wish.again', { name }) }))]

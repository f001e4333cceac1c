import { computed } from 'vue'
import { t } from '@/i18n'
import { useSession } from '@/stores/session'

/** Oneself and the children of the household, to choose for whom. */
export function usePeople() {
  const session = useSession()
  return computed(() => {
    const me = session.me
    if (!me) return []
    return [
      { value: me.person.id, words: me.person.name ? t('confirm.me', { name: me.person.name }) : t('confirm.me.unnamed') },
      ...me.household.map((child) => ({ value: child.id, words: child.name, note: t('confirm.child', { age: child.age ?? 0 }) })),
    ]
  })
}

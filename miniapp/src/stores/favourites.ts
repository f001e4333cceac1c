import { defineStore } from 'pinia'
import { ref, watch } from 'vue'
import { api } from '@/api'
import type { Favourite, FavouriteWhat } from '@/api/types'
import { useSession } from './session'

const nameOf = (what: FavouriteWhat, id: string) => `${what}/${id}`

/** What the person has put aside to find again. */
export const useFavourites = defineStore('favourites', () => {
  const kept = ref<ReadonlySet<string>>()
  let asked: Promise<void> | undefined

  function learn(items: readonly Favourite[]) {
    kept.value = new Set(items.map(({ what, id }) => nameOf(what, id)))
  }

  /** Everything put aside, as it is now. */
  async function list(): Promise<Favourite[]> {
    const { items } = await api.get('/me/favourites')
    learn(items)
    return items
  }

  /** Asked for once a login, however many hearts are on the page. */
  async function ensure(): Promise<void> {
    asked ??= list().then(
      () => undefined,
      () => void (asked = undefined),
    )
    await asked
  }

  const has = (what: FavouriteWhat, id: string): boolean => kept.value?.has(nameOf(what, id)) === true

  /** Puts aside or lets go; what is on the screen changes once the server has agreed. */
  async function set(what: FavouriteWhat, id: string, wish: boolean): Promise<void> {
    const path = { what, id }
    if (wish) await api.put('/me/favourites/{what}/{id}', { path })
    else await api.delete('/me/favourites/{what}/{id}', { path })
    const next = new Set(kept.value)
    if (wish) next.add(nameOf(what, id))
    else next.delete(nameOf(what, id))
    kept.value = next
  }

  // Somebody else may use this device next.
  watch(
    () => useSession().token,
    () => {
      kept.value = undefined
      asked = undefined
    },
  )

  return { list, ensure, has, set }
})

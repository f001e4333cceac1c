import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { api, live, login } from '@/api'
import type { Login, Me } from '@/api/types'
import { toLogin } from '@/navigation'
import { usePrefs } from './prefs'

const KEY = 'linli.token'

/** Who is logged in, and what they may do. */
export const useSession = defineStore('session', () => {
  const me = ref<Me>()
  const token = ref<string>()
  const signedIn = computed(() => token.value !== undefined)
  /** Works at a desk of an organisation or of an area. */
  const staff = computed(() => (me.value?.roles ?? []).some((role) => role.role !== 'case_worker'))
  /** Works for an area: may verify people and answers the call list. */
  const areaStaff = computed(() => (me.value?.roles ?? []).some((role) => role.area_code !== undefined))
  /** Arranges what an organisation offers: its manager, or staff of an area over it. */
  const manager = computed(() => areaStaff.value || (me.value?.roles ?? []).some((role) => role.role === ('organisation_manager' as string)))
  const unread = computed(() => me.value?.unread ?? 0)

  function take(next: string | undefined) {
    token.value = next
    login.token = next
    live.forget()
    if (next === undefined) uni.removeStorageSync(KEY)
    else uni.setStorageSync(KEY, next)
  }

  /** Finds the login of the last visit. */
  function start() {
    const kept: unknown = uni.getStorageSync(KEY)
    if (typeof kept === 'string' && kept !== '') take(kept)
    // Pages that need the profile ask for it themselves and say what went wrong.
    if (signedIn.value) void refresh().catch(() => undefined)
    login.onEnded = () => {
      end()
      toLogin()
    }
  }

  /** A login succeeded: the profile's wishes apply from now on. A new profile has none yet and learns this device's. */
  function begin(result: Login) {
    take(result.token)
    const { person } = result.me
    const prefs = usePrefs()
    const wishes = { language: prefs.language, large_type: prefs.large }
    const unknown = person.version === 1 && person.name === ''
    if (unknown && (person.language !== wishes.language || person.large_type !== wishes.large_type)) {
      me.value = { ...result.me, person: { ...person, ...wishes } }
      void api.patch('/me', { body: { version: person.version, ...wishes } }).then(setMe, () => undefined)
    } else {
      setMe(result.me)
    }
  }

  function setMe(next: Me) {
    me.value = next
    usePrefs().follow({ language: next.person.language, large: next.person.large_type })
  }

  /** The profile as the server has it now. */
  async function refresh(): Promise<Me> {
    const fresh = await api.get('/me')
    setMe(fresh)
    return fresh
  }

  /** The profile, asked for once. */
  async function ensure(): Promise<Me> {
    return me.value ?? refresh()
  }

  /** Forgets the login on this device. */
  function end() {
    take(undefined)
    me.value = undefined
  }

  function setUnread(count: number) {
    if (me.value) me.value = { ...me.value, unread: Math.max(0, count) }
  }

  return { me, token, signedIn, staff, areaStaff, manager, unread, start, begin, setMe, refresh, ensure, end, setUnread }
})

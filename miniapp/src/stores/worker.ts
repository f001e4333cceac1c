import { defineStore } from 'pinia'
import { computed, ref } from 'vue'
import { api } from '@/api'
import type { WorkerState } from '@/api/types'
import { useSession } from './session'

const KEY = 'linli.worker'
/** What was done without signal and waits on this device; kept by the pages of work. */
export const UNSENT = 'linli.unsent'

interface Kept {
  /** The end of the token it was learned with: another login may be another person's. */
  login: string
  person: string
  state: WorkerState
}

function kept(): Kept | undefined {
  const value: unknown = uni.getStorageSync(KEY)
  return typeof value === 'object' && value !== null ? (value as Kept) : undefined
}

/** Whether somebody comes to others' doors, and how far staff are with their file. Remembered, for where there is no signal. */
export const useWorker = defineStore('worker', () => {
  const session = useSession()
  const known = ref(kept())
  const login = computed(() => session.token?.slice(-12))
  const mine = computed(() => (known.value !== undefined && known.value.login === login.value ? known.value : undefined))
  const state = computed(() => mine.value?.state)
  const inForce = computed(() => state.value === 'verified')
  /** Who uses this device, also where the server cannot be asked. */
  const person = computed(() => (session.signedIn ? session.me?.person.id ?? mine.value?.person : undefined))

  /** As the server has it now. */
  async function refresh(): Promise<WorkerState> {
    const [file, me] = await Promise.all([api.get('/work/file'), session.ensure()])
    if (login.value !== undefined) {
      known.value = { login: login.value, person: me.person.id, state: file.state }
      uni.setStorageSync(KEY, { ...known.value })
    }
    return file.state
  }

  /** How much was done without signal and waits to be sent. */
  function waiting(): number {
    const all: unknown = uni.getStorageSync(UNSENT)
    return Array.isArray(all) ? all.filter((one: { who?: string }) => one.who === person.value).length : 0
  }

  return { state, inForce, person, refresh, waiting }
})

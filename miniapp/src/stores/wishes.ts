import { defineStore } from 'pinia'
import { reactive } from 'vue'

const KEY = 'linli.wishes'

/** What somebody usually wishes of whoever comes to the door. */
export interface Wishes {
  gender: '' | 'female' | 'male'
  language: string
  wider: boolean
}

const open = (): Wishes => ({ gender: '', language: '', wider: false })

function kept(): Partial<Wishes> {
  const value: unknown = uni.getStorageSync(KEY)
  return typeof value === 'object' && value !== null ? (value as Partial<Wishes>) : {}
}

/** The usual wishes, with which every asking begins. Kept on this device. */
export const useWishes = defineStore('wishes', () => {
  const wishes = reactive<Wishes>({ ...open(), ...kept() })

  function set(change: Partial<Wishes>) {
    Object.assign(wishes, change)
    uni.setStorageSync(KEY, { ...wishes })
  }

  /** Another person may use this device next. */
  function forget() {
    Object.assign(wishes, open())
    uni.removeStorageSync(KEY)
  }

  return { wishes, set, forget }
})

import { defineStore } from 'pinia'
import { reactive } from 'vue'

type Draft = Record<string, string>

const KEY = 'linli.drafts'
/** A draft older than this is no longer what the person means. Milliseconds: seven days. */
const LIFETIME = 7 * 86_400_000

interface Kept {
  at: number
  values: Draft
}

function kept(now: number): Record<string, Kept> {
  const value: unknown = uni.getStorageSync(KEY)
  if (typeof value !== 'object' || value === null) return {}
  return Object.fromEntries(Object.entries(value as Record<string, Kept>).filter(([, draft]) => now - draft.at < LIFETIME))
}

/** What was typed into forms and not yet sent: a call, a lost connection or an ended login must not cost it. */
export const useDrafts = defineStore('drafts', () => {
  const drafts = reactive(kept(Date.now()))

  /** The draft of a form, made empty when there is none. */
  function of(form: string): Draft {
    return { ...drafts[form]?.values }
  }

  function keep(form: string, values: Draft) {
    drafts[form] = { at: Date.now(), values: { ...values } }
    uni.setStorageSync(KEY, JSON.parse(JSON.stringify(drafts)))
  }

  /** Sent, or thrown away by the person. */
  function drop(form: string) {
    delete drafts[form]
    uni.setStorageSync(KEY, JSON.parse(JSON.stringify(drafts)))
  }

  /** Another person may use this device next. */
  function dropAll() {
    for (const form of Object.keys(drafts)) delete drafts[form]
    uni.removeStorageSync(KEY)
  }

  return { of, keep, drop, dropAll }
})

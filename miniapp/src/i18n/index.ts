import { ref } from 'vue'
import { en } from './en'
import { zh } from './zh'
import type { apply } from './zh/apply'
import type { workday } from './zh/workday'
import type { watchZh } from './zh/watch'
import type { frameZh } from './zh/frame'
import type { homecareZh } from './zh/homecare'

/** The languages the interface speaks. */
export type Language = 'zh' | 'en'
/** What everybody's first page knows. */
export type MainKey = keyof typeof zh
/** Every text of the interface has a name; both dictionaries have all of them. Parts for few are learned with their pages. */
export type TextKey = MainKey | keyof typeof apply | keyof typeof workday | keyof typeof watchZh | keyof typeof frameZh | keyof typeof homecareZh

const dictionaries: Record<Language, Partial<Record<TextKey, string>>> = { zh: { ...zh }, en: { ...en } }

/** Takes up the words of a part that is not on everybody's first page. To be called where its pages are loaded. */
export function learn(words: Record<Language, Partial<Record<TextKey, string>>>): void {
  Object.assign(dictionaries.zh, words.zh)
  Object.assign(dictionaries.en, words.en)
}

/** The language now spoken; changed by the preferences store only. */
export const language = ref<Language>('zh')

/** `{name}`, or `{name|word for one|word for more}`. */
const PLACE = /\{(\w+)(?:\|([^|}]*)\|([^}]*))?\}/g

/** The text of that name, with `{name}` filled in from `values`, and the word chosen that goes with the number. */
export function t(key: TextKey, values?: Record<string, string | number>): string {
  const text = dictionaries[language.value][key] ?? key
  if (!values) return text
  return text.replace(PLACE, (whole, name: string, one?: string, more?: string) => {
    const value = values[name]
    if (value === undefined) return whole
    return one === undefined || more === undefined ? String(value) : Number(value) === 1 ? one : more
  })
}

/** Whether a text of that name exists: for names made from the server's words. */
export function hasText(key: string): key is TextKey {
  return key in dictionaries.zh
}

/** The language as HTTP and HTML name it. */
export function languageTag(): string {
  return language.value === 'zh' ? 'zh-CN' : 'en'
}
